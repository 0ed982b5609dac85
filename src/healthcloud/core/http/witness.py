"""What a witness is shown of a signed request before its answer leaves: whoever keeps evidence implements it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from healthcloud.core.caller import Caller


class Seen(NamedTuple):
    """One request of a proven client and its answer; `outcome` is "ok", or the problem's code."""

    is_hot: bool
    method: str
    path: str
    target: str  # path and query as sent
    caller: Caller
    request_id: str
    at: datetime
    headers: Mapping[str, str]
    request: bytes
    answer: bytes
    outcome: str


class Witness(Protocol):
    """Keeps what went over the wire."""

    async def keep(self, seen: Seen) -> None:
        """Return when it is durable; raise Unavailable where that cannot be said, and the answer does not leave."""
        ...

    def now(self) -> datetime:
        """Return the time of the city's clock."""
        ...
