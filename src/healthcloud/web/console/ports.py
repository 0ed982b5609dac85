"""What the consoles ask of the installation itself; `server` keeps the implementation in the application's state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.crypto.filestore import KeyLine
from healthcloud.core.db import Transaction


@dataclass(frozen=True, slots=True)
class Build:
    """Which program runs: its version, that of its interface, the newest migration it has, and Python's."""

    program: str
    api: str
    migration: str
    python: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the audit chain exported last: how long the chain was, when, and whether the city signed it."""

    seq: int
    at: datetime
    genuine: bool


class Operations(Protocol):
    """The installation, as its administrators look at it."""

    def build(self) -> Build:
        """Tell which program runs."""
        ...

    def recurring(self) -> Mapping[str, timedelta]:
        """Return how often each recurring job runs."""
        ...

    def key_lines(self) -> Sequence[KeyLine]:
        """Return every key without its secret."""
        ...

    def keys_version(self) -> str:
        """Return what is equal on machines with the same keys."""
        ...

    def newest_head(self) -> Head | None:
        """Return the head exported last, or None while there is none."""
        ...

    def last_backup(self) -> datetime | None:
        """Return when this installation's own backup was made last; None where it made none."""
        ...

    async def replay(self, tx: Transaction, caller: Caller, job_id: UUID, reason: str) -> None:
        """Put a dead job back into its queue; a deed. Raises DeadJobNotFound."""
        ...

    async def discard(self, tx: Transaction, caller: Caller, job_id: UUID, reason: str) -> None:
        """Give a dead job up for good; a deed. Raises DeadJobNotFound."""
        ...
