"""Linking two registrations of one person, and taking a link back; nothing of either is rewritten."""

from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.errors import MergeRefused
from healthcloud.people.events import PersonsMerged, PersonsUnmerged
from healthcloud.people.holding import hold
from healthcloud.people.merging import store
from healthcloud.people.reading import read_evidence
from healthcloud.people.seen import store as faces


async def merge_persons(tx: Transaction, caller: Caller, person_id: UUID, into_id: UUID, reason: str) -> UUID:
    """
    Have a person, and whoever resolves to them, resolve to another (scope people.correct); return the canonical id.

    Raises MergeRefused where both are one already, PersonGone, PersonNotFound.
    """
    deeds.must(caller, "people.correct")
    told = read_evidence(reason)
    first, second = sorted((person_id, into_id))
    held = {first: await hold(tx, first), second: await hold(tx, second)}
    moved, canonical = held[person_id].id, held[into_id].id
    if moved == canonical:
        raise MergeRefused
    group = await faces.group_of(tx, moved)
    await store.repoint(tx, group, canonical)
    await store.set_grouped(tx, canonical, grouped=True)
    await store.drop_members(tx, moved, group)
    await store.add_members(tx, canonical, [canonical, *group])
    await store.add_moves(tx, new_id(), group, moved, canonical, tx.clock.now(), caller.account_id, told)
    await audit.record_many(tx, caller, [audit.Entry(deeds.MERGED, one) for one in (moved, canonical)])
    await tx.announce_many([PersonsMerged(one, canonical) for one in group])
    return canonical


async def unmerge_persons(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """
    Take back the last merge that moved this person (scope people.correct): everyone it moved is whoever they were.

    Raises MergeRefused where there is none, or where a later merge moved them on.
    """
    deeds.must(caller, "people.correct")
    await hold(tx, person_id)
    move = await store.last_move(tx, person_id)
    if move is None:
        raise MergeRefused
    group = await faces.group_of(tx, person_id)
    if group[0] != move.to_id:
        raise MergeRefused
    moved = await store.undo_moves(tx, move.id, group, tx.clock.now(), caller.account_id)
    await store.drop_members(tx, move.to_id, moved)
    await store.repoint(tx, moved, move.from_id)
    await store.add_members(tx, move.from_id, moved)
    for canonical in (move.from_id, move.to_id):
        members = await faces.group_of(tx, canonical)
        if members == [canonical]:
            await store.drop_members(tx, canonical, members)
            await store.set_grouped(tx, canonical, grouped=False)
    await audit.record_many(tx, caller, [audit.Entry(deeds.UNMERGED, one) for one in (move.from_id, move.to_id)])
    await tx.announce_many([PersonsUnmerged(one, move.to_id) for one in moved])
