"""What the scan page needs: the same verification a hospital's machine calls."""

from typing import Protocol

from healthcloud.core.caller import Credentials


class Scanner(Protocol):
    """`cards.VerifyEdge`, as `server` keeps it in the application's state."""

    async def verify(self, credentials: Credentials) -> bytes:
        """Answer one scan with the JSON of POST /api/v1/cards/verify; raise a Problem."""
        ...
