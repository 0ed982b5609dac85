"""Following a queue: rows are claimed and handled in one transaction, never read "after the last id"."""

from typing import Generic, TypeVar

from healthcloud.core.background.wiring import FollowerSpec
from healthcloud.core.db import Database, Transaction

Item = TypeVar("Item")


class Follower(Generic[Item]):
    """
    Takes rows of a queue table in batches.

    Commits do not come in the order of ids or times, so a follower that remembers a place in that order misses what
    commits late. This one takes whatever is there; a crash rolls the claim back with everything done about it.
    """

    def __init__(self, database: Database, spec: FollowerSpec[Item]) -> None:
        self._database = database
        self._spec = spec

    async def step(self) -> int:
        """Handle one batch and return how many rows it had; several followers of one queue share its rows."""
        return await self._database.transact(self._take)

    async def _take(self, tx: Transaction) -> int:
        rows = await self._spec.claim(tx, self._spec.batch)
        if rows:
            await self._spec.handle(tx, rows)
        return len(rows)
