"""What access asks of features above it; `server` hands the implementations in."""

from typing import Protocol
from uuid import UUID

from healthcloud.core.db import Read


class Seat(Protocol):
    """The desk a browser is bound to, and whose it is."""

    @property
    def terminal_id(self) -> UUID:
        """The live terminal."""
        ...

    @property
    def institution_id(self) -> UUID:
        """The institution it stands in."""
        ...


class PersonOfAccount(Protocol):
    """Which person a resident's account belongs to; `people` knows."""

    async def __call__(self, read: Read, account_id: UUID, /) -> UUID | None:
        """Return the person's id, or None while the account is tied to none."""
        ...


class TerminalOfToken(Protocol):
    """Which terminal the token in the `hc_terminal` cookie stands for; `institutions` knows."""

    async def __call__(self, read: Read, token: str, /) -> Seat | None:
        """Return the live terminal, or None."""
        ...
