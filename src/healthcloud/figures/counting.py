"""Counting: blocks of the audit chain, each exactly once, since how far it has come commits with what it counted."""

from datetime import timedelta

from healthcloud import audit, cards
from healthcloud.core.background import Sole, enqueue
from healthcloud.core.db import Database, Transaction
from healthcloud.core.leases import Lease
from healthcloud.core.metrics import gauge
from healthcloud.figures import store
from healthcloud.figures.model import FORMULA, Figure, Tally, latest
from healthcloud.figures.standing import standing
from healthcloud.figures.store import Reached

EVERY = timedelta(milliseconds=500)
RESTS = 9  # scans come first, and `as_of` says how far counting is
BLOCKS = 200  # in one transaction, fewer where they are full
REBUILD = "figures.rebuild"
UNCOUNTED = gauge("healthcloud_figures_uncounted_blocks", "Sealed blocks of deeds that the figures do not hold yet.")


def following() -> Sole:
    """Return what one machine does: count what has been sealed."""

    async def step(database: Database, lease: Lease) -> int:
        async def guarded(tx: Transaction) -> tuple[int, int]:
            await lease.guard(tx)
            return await count_current(tx), (await standing(tx)).behind

        done, behind = await database.transact(guarded)
        UNCOUNTED.set(behind)
        return done

    return Sole("figures.follower", EVERY, step, RESTS)


async def count_current(tx: Transaction) -> int:
    """Count the next blocks into the edition that is shown; begin the first, and ask for a new one of newer rules."""
    edition = await store.current(tx)
    if edition is None:
        return int(await store.begin(tx, 1, "current", FORMULA, tx.clock.now()) > 0)
    if edition.formula != FORMULA and not any(one.state == "building" for one in await store.editions(tx)):
        await begin_building(tx)
        return 1
    return await count_blocks(tx, edition.edition)


async def begin_building(tx: Transaction) -> int:
    """Begin another edition beside the current one, and the job that counts it; return its number."""
    newest = max((one.edition for one in await store.editions(tx)), default=0)
    await store.begin(tx, newest + 1, "building", FORMULA, tx.clock.now())
    await enqueue(tx, REBUILD, {"edition": newest + 1})
    return newest + 1


async def count_blocks(tx: Transaction, number: int, *, blocks: int = BLOCKS) -> int:
    """Count the next blocks into an edition; return how many blocks those were."""
    edition = await store.hold(tx, number)
    if edition is None:
        return 0
    sealed = await audit.sealed_after(tx, edition.block, blocks=blocks)
    if not sealed:
        return 0
    tally = Tally()
    for block in sealed:
        for deed in block.deeds:
            tally.add(deed)
    if tally.batches:
        await _count_uses(tx, number, tally)
    await _write(tx, number, tally)
    await store.move(tx, number, sealed[-1].seq, sealed[-1].sealed_at, tally.deeds)
    return len(sealed)


async def _count_uses(tx: Transaction, number: int, tally: Tally) -> None:
    for used in await cards.census.uses_in(tx, tally.batches):
        tally.count(used.institution_id, Figure.USES, used.hour, used.scene, used.uses)
    months = latest(await cards.census.holders_in(tx, tally.batches))
    persons = sorted({person_id for person_id, _ in months})
    known = {(one.person_id, one.institution_id): one.month for one in await store.reached(tx, number, persons)}
    newer = {key: month for key, month in months.items() if month > known.get(key, "")}
    for (person_id, institution_id), month in newer.items():
        before = known.get((person_id, institution_id))
        tally.move_holder(institution_id, before, month)
    if newer:
        await store.put_reached(tx, number, [Reached(*key, month) for key, month in newer.items()])


async def _write(tx: Transaction, number: int, tally: Tally) -> None:
    hours = sorted((place, count) for place, count in tally.hours.items() if count)
    totals = sorted((total, count) for total, count in tally.totals().items() if count)
    if hours:
        await store.add_counts(tx, number, hours)
    if totals:
        await store.add_totals(tx, number, totals)
    if tally.lines:
        await store.add_lines(tx, number, tally.lines)
