"""Copying the city's own records of a range of persons."""

from datetime import datetime
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.building import store
from healthcloud.index.building.rows import BLOCKS, MEMBERS, RECORDS, rows_of
from healthcloud.index.learning.reads import live_model
from healthcloud.index.model import CITY, MANAGE
from healthcloud.index.records.model import RecordState


async def build(tx: Transaction, caller: Caller, after: UUID, upto: UUID) -> tuple[int, int]:
    """
    Write the records of the persons after one id up to another who have none (scope index.manage).

    Return how many persons there are and how many were written. As long as no institution has said anything they are
    placed as they are: the city knows each of its persons. Else they wait, and the sweep compares them. It may be
    repeated; should somebody of the range be written meanwhile, the whole of it fails on a unique constraint and is to
    be done again. `compare_built` follows the commit.
    """
    caller.must(MANAGE)
    model = await live_model(tx)
    there = set(await store.there_between(tx, after, upto, CITY))
    faces = await people.loading.faces_between(tx, after, upto, there)
    if not faces:
        return len(there), 0
    state = RecordState.WAITING if await store.any_received(tx) else RecordState.PLACED
    rows = rows_of(tx.vault, faces, model, tx.clock.now(), state)
    await tx.copy("index", "records", RECORDS, rows.records)
    await tx.copy("index", "person_records", MEMBERS, rows.members)
    await tx.copy("index", "blocks", BLOCKS, rows.blocks)
    await audit.record(tx, caller, deeds.BUILT, new_id(), detail={"persons": len(faces)})
    return len(there) + len(faces), len(faces)


async def compare_built(tx: Transaction, caller: Caller, after: UUID, upto: UUID, since: datetime) -> None:
    """
    Have what `build` placed in a range since an instant wait, if an institution has said something by now.

    Whoever placed it while the range was being written did not see the range; whoever comes after its commit does.
    """
    caller.must(MANAGE)
    if await store.any_received(tx):
        await store.compare_between(tx, after, upto, CITY, since)
