"""The job that counts anew: a chunk of blocks a transaction, so that one that is killed goes on where it was."""

from datetime import timedelta
from uuid import UUID

from healthcloud import audit
from healthcloud.core.background import Body, JobKind, Progress
from healthcloud.core.db import Transaction
from healthcloud.figures import store
from healthcloud.figures.counting import REBUILD, count_blocks
from healthcloud.figures.model import CITY
from healthcloud.figures.rebuilding import store as sweeping

PERSONS = 2_000


async def rebuild(tx: Transaction, body: Body) -> Progress | None:
    """Count the next blocks into `{"edition": …}`; once it has caught up show it, then sweep the one before it."""
    number = int(body["edition"])
    if "former" in body:
        return await _sweep(tx, body)
    if await count_blocks(tx, number):
        edition, last = await store.hold(tx, number), await audit.last_sealed(tx)
        return Progress(body, edition.block if edition else 0, last)
    former = await store.current(tx)
    await store.retire(tx)
    await store.show(tx, number)
    done = await audit.last_sealed(tx)
    return Progress(body | {"former": former.edition, "place": str(CITY)}, done, done) if former else None


async def _sweep(tx: Transaction, body: Body) -> Progress | None:
    former, done = int(body["former"]), await audit.last_sealed(tx)
    if "place" in body:
        place = UUID(body["place"])
        await sweeping.sweep_counts(tx, former, place)
        await sweeping.sweep_lines(tx, former, place)
        await sweeping.sweep_totals(tx, former, place)
        following = await sweeping.next_institution(tx, place)
        where = {"place": str(following)} if following else {"person": str(UUID(int=0))}
        return Progress({"edition": body["edition"], "former": former} | where, done, done)
    persons = await sweeping.next_persons(tx, UUID(body["person"]), PERSONS)
    if persons:
        await sweeping.sweep_reach(tx, former, persons)
        return Progress(body | {"person": str(persons[-1])}, done, done)
    await store.forget(tx, former)
    return None


JOBS = (JobKind(REBUILD, rebuild, batch=1, time_limit=timedelta(minutes=2)),)
