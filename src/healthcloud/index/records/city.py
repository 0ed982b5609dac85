"""The city's own records: what its register says of each person, found and compared as any institution's is."""

from collections.abc import Collection
from uuid import UUID

from healthcloud import people
from healthcloud.core.caller import SYSTEM_ACCOUNT
from healthcloud.core.db import Transaction
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Model, features_of
from healthcloud.index.model import CITY
from healthcloud.index.records import store
from healthcloud.index.records.contents import blocks, content_of_face, digests, features, seal
from healthcloud.index.records.model import RecordState
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.store import NewRecord


async def with_city_records(tx: Transaction, person_ids: Collection[UUID], model: Model) -> dict[UUID, UUID]:
    """Have the city's records of these persons be there; return their ids by person, of who stands for somebody."""
    if not person_ids:
        return {}
    whose = await people.resolved(tx, person_ids)
    canonical = {
        one: found.person_id for one, found in whose.items() if found.state is not people.PersonState.WITHDRAWN
    }
    there = {row.id for row in await store.records(tx, sorted(set(canonical.values())))}
    await write_city_records(tx, set(canonical.values()) - there, model, RecordState.PLACED)
    return canonical


async def write_city_records(tx: Transaction, person_ids: Collection[UUID], model: Model, state: RecordState) -> None:
    """Write the city's records of canonical persons that have none, with the blocks they are found by."""
    if not person_ids:
        return
    seen = await people.faces(tx, None, person_ids)
    contents = {one: content_of_face(found.face) for one, found in seen.items()}
    rows = [
        NewRecord(
            one,
            CITY,
            "",
            1,
            seal(tx.vault, one, 1, content),
            digests(tx.vault, CITY, str(one), content)[0],
            state,
            one,
            None,
            None,
            SYSTEM_ACCOUNT,
        )
        for one, content in contents.items()
    ]
    written = await store.add_records(tx, rows, model.version, tx.clock.now()) if rows else []
    if not written:
        return
    await store.add_members(tx, written, written)
    await neighbours.add_blocks(
        tx, [block for one in written for block in blocks(tx.vault, one, features_of(contents[one]), model)]
    )


async def follow_new(tx: Transaction, person_ids: Collection[UUID]) -> list[UUID]:
    """Have there be city's records of new persons; return those to be compared. Who has one is followed as ever."""
    there = {row.id for row in await store.records(tx, sorted(person_ids))}
    whose = await people.resolved(tx, set(person_ids) - there)
    new = {
        one
        for one, found in whose.items()
        if found.person_id == one and found.state is not people.PersonState.WITHDRAWN
    }
    await write_city_records(tx, new, await live_model(tx), RecordState.WAITING)
    return sorted(new) + [one for one in sorted(there) if await follow_person(tx, one)]


async def follow_person(tx: Transaction, person_id: UUID) -> bool:
    """Have the city's record of a person say what the city says now; return whether it is to be compared anew."""
    model = await live_model(tx)
    rows = await store.lock(tx, [person_id])
    seen = (await people.faces(tx, None, [person_id])).get(person_id)
    if seen is None or seen.canonical_id != person_id or seen.state is people.PersonState.WITHDRAWN:
        return False
    if not rows:
        await write_city_records(tx, {person_id}, model, RecordState.WAITING)
        return True
    row, content = rows[0], content_of_face(seen.face)
    sign = digests(tx.vault, CITY, str(person_id), content)
    if row.digest in sign:
        return False
    await store.keep_versions(tx, [row.id], tx.clock.now())
    await neighbours.drop_blocks(tx, blocks(tx.vault, row.id, features(tx.vault, row), model))
    others = await neighbours.drop_pairs(tx, [row.id])
    if others:
        await neighbours.drop_mirrors(tx, [row.id], others)
    version = row.version + 1
    new = NewRecord(
        row.id,
        CITY,
        "",
        version,
        seal(tx.vault, row.id, version, content),
        sign[0],
        RecordState.WAITING,
        row.id,
        None,
        None,
        SYSTEM_ACCOUNT,
    )
    await store.replace_contents(tx, [new], tx.clock.now())
    await neighbours.add_blocks(tx, blocks(tx.vault, row.id, features_of(content), model))
    return True
