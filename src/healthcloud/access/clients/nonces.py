"""Nonces of signed writes: each is good once for its key. Those that arrive together are noted by one transaction."""

from collections.abc import Sequence

from healthcloud.access.clients import store
from healthcloud.access.clients.model import KeyStanding, Nonce
from healthcloud.core.db import Database, Transaction
from healthcloud.core.gatherer import Gatherer

MOST_WAITING = 10_000


class NonceBook:
    """
    Notes nonces for one process.

    A batch whose COMMIT is in doubt is not tried again, so nobody is told that their own nonce had been seen.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gatherer: Gatherer[Nonce, tuple[KeyStanding, bool] | None] = Gatherer(
            self._note, key=lambda one: (one.key_id, one.nonce), limit_queue=MOST_WAITING, limit_client=MOST_WAITING
        )

    async def note(self, nonce: Nonce) -> tuple[KeyStanding, bool] | None:
        """Return how the key stands and whether the nonce was fresh; None where there is no such key."""
        return await self._gatherer.ask(nonce)

    async def _note(self, nonces: Sequence[Nonce]) -> list[tuple[KeyStanding, bool] | None]:
        return await self._database.transact(lambda tx: _noted(tx, nonces))


async def _noted(tx: Transaction, nonces: Sequence[Nonce]) -> list[tuple[KeyStanding, bool] | None]:
    standings = {one.id: one for one in await store.key_standings(tx, sorted({one.key_id for one in nonces}))}
    new = await store.use_nonces(tx, [one for one in nonces if one.key_id in standings])
    fresh = {(one.key_id, one.nonce) for one in new}
    return [
        (standings[one.key_id], (one.key_id, one.nonce) in fresh) if one.key_id in standings else None for one in nonces
    ]
