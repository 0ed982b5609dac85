"""What an operator sees of kept messages: which, from whom, how many; never what they say."""

from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.exchange.held import store
from healthcloud.exchange.held.model import READ, HeldCount, HeldLine

FIRST = UUID(int=0)


async def counts(read: Read, caller: Caller) -> list[HeldCount]:
    """Return how many of each kind wait, and since when (scope jobs.manage)."""
    caller.must(READ)
    return await store.counts(read)


async def list_held(
    read: Read, caller: Caller, *, kind: str | None = None, after: UUID = FIRST, limit: int = 50
) -> list[HeldLine]:
    """Return messages that wait, the oldest first (scope jobs.manage); the next page starts after the last id."""
    caller.must(READ)
    return await store.lines_after(read, kind, after, limit)
