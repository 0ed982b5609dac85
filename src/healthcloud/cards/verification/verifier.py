"""
The verifier of one process: single scans are gathered, the codes of a batch request go together.

Both may run beside each other, and beside other processes: the keys of bindings and uses decide.
"""

import itertools
from collections.abc import Sequence
from operator import itemgetter
from typing import TypeAlias
from uuid import UUID

from healthcloud.cards.verification.answers import SecondFact
from healthcloud.cards.verification.model import Ask, key_of, rounds
from healthcloud.cards.verification.printed import PrintedScan, take_printed
from healthcloud.cards.verification.refusals import RefusalKeeper
from healthcloud.cards.verification.settling import HoldersGone, Outcome, Taken, settle_rounds
from healthcloud.core.db import Database
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.hot_connection import HotConnection
from healthcloud.core.metrics import histogram
from healthcloud.core.settings import Settings

# Batch requests of a worker go in two lanes, so that one is read while the other is written.
BULK_LANES = 2
BULK_REQUESTS = 4
# A restart of the database takes no longer; until then scans wait, as they are lost to nobody.
PATIENCE_SECONDS = 1.0
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
BATCH_SIZE = histogram("healthcloud_scan_batch_size", "Scans settled in one transaction.", buckets=_SIZES)


Bulk: TypeAlias = tuple[int, Sequence[Ask]]


class Verifier:
    """Takes scans, on connections of its own: one for single scans, one for each lane of batch requests."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._tries = settings.second_fact_tries
        self._keeper = RefusalKeeper()
        self._single = HotConnection(database, name="healthcloud verify")
        self._places = settings.hot_queue
        self._singles: Gatherer[Ask, Outcome] = Gatherer(
            self._settle_singles,
            key=key_of,
            limit_queue=settings.hot_queue,
            limit_batch=settings.hot_batch,
            limit_client=settings.hot_client_quota,
            time_limit=settings.hot_seconds,
        )
        self._bulks = [self._lane(settings) for _ in range(BULK_LANES)]
        self._turns = itertools.count()

    def is_full(self) -> bool:
        """Tell whether single scans are refused just now."""
        return self._singles.is_full or self._is_in_vain()

    def bulk_is_full(self) -> bool:
        """Tell whether batch requests are refused just now."""
        return all(lane.is_full for _, lane in self._bulks) or self._is_in_vain()

    def waiting_share(self) -> float:
        """Return how many of the places where single scans wait are taken, from 0 to 1."""
        return self._singles.depth / self._places

    def _is_in_vain(self) -> bool:
        """Tell whether the database has been away longer than a restart takes; now and then one scan may try."""
        reach = self._database.reach
        return reach.away_seconds > PATIENCE_SECONDS and not reach.may_try()

    async def settle(self, ask: Ask) -> Outcome:
        """Return what became of one scan; raise Unavailable where the queue is full."""
        return await self._singles.ask(ask, ask.spot.account_id)

    async def settle_many(self, asks: Sequence[Ask], account_id: UUID) -> Sequence[Outcome]:
        """Return what became of the scans of one request, in their order."""
        turn = next(self._turns)
        _, lane = self._bulks[turn % BULK_LANES]
        return await lane.ask((turn, asks), account_id)

    async def take_printed(self, ask: Ask, fact: SecondFact | None) -> Taken:
        """Use a printed code in a transaction of its own; raise what it is refused with."""
        scan = PrintedScan(ask, fact, self._tries)
        return await self._database.transact(lambda tx: take_printed(tx, scan, self._keeper))

    async def close(self) -> None:
        """Finish what waits and give the connections back."""
        await self._singles.close()
        await self._single.close()
        for connection, lane in self._bulks:
            await lane.close()
            await connection.close()

    def _lane(self, settings: Settings) -> tuple[HotConnection, Gatherer[Bulk, Sequence[Outcome]]]:
        """Make a lane; a bulk request is known by its turn, twins among the asks of several are parted inside."""
        connection = HotConnection(self._database, name="healthcloud verify-batch")

        async def settle(bulks: Sequence[Bulk]) -> Sequence[Sequence[Outcome]]:
            asks = [ask for _, some in bulks for ask in some]
            outcomes = iter(await self._settled(connection, asks, rounds(asks)))
            return [list(itertools.islice(outcomes, len(some))) for _, some in bulks]

        lane: Gatherer[Bulk, Sequence[Outcome]] = Gatherer(
            settle,
            key=itemgetter(0),
            limit_queue=max(settings.hot_queue // (BULK_LANES * BULK_REQUESTS), 1),
            limit_batch=BULK_REQUESTS,
            limit_client=BULK_REQUESTS,
            time_limit=settings.hot_seconds,
        )
        return connection, lane

    async def _settle_singles(self, asks: Sequence[Ask]) -> Sequence[Outcome]:
        return await self._settled(self._single, asks, [range(len(asks))])

    async def _settled(
        self, connection: HotConnection, asks: Sequence[Ask], parts: Sequence[Sequence[int]]
    ) -> list[Outcome]:
        """Settle all rounds in one transaction; again without those whose holder turns out to be gone."""
        BATCH_SIZE.observe(len(asks))
        held = list(asks)
        while True:
            try:
                settled = await connection.transact(lambda tx: settle_rounds(tx, held, parts, self._keeper))
            except HoldersGone as gone:
                for n, problem in gone.held.items():
                    held[n] = held[n]._replace(held=problem)
                continue
            for refused in settled.refused:
                self._keeper.kept(refused, settled.at.timestamp())
            return settled.outcomes
