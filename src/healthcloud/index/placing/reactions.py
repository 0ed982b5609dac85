"""What the index does when the city's own register changes; `server/wiring.py` names these. Each may be repeated."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from healthcloud import people
from healthcloud.core.background import Reaction
from healthcloud.core.db import Transaction
from healthcloud.index.model import CITY
from healthcloud.index.placing.jobs import place_later
from healthcloud.index.questions.asking import close_merged, is_asked
from healthcloud.index.records import store
from healthcloud.index.records.city import follow_new, follow_person


async def on_registration(tx: Transaction, events: Sequence[people.events.PersonRegistered]) -> None:
    """Write the city's records of those who are new, and compare them once they are committed."""
    waiting = await follow_new(tx, {event.person_id for event in events})
    if waiting:
        await place_later(tx, waiting)


async def on_correction(tx: Transaction, event: people.events.PersonCorrected) -> None:
    """Have the city's record say what the city says now."""
    if await follow_person(tx, event.person_id):
        await place_later(tx, [event.person_id])


async def on_withdrawal(tx: Transaction, event: people.events.PersonWithdrawn) -> None:
    """End the records of a registration made in error; an institution that sends its own again has them placed anew."""
    ids = await store.members_of(tx, [event.person_id])
    if ids:
        await store.end_records(tx, ids)


async def on_merge(tx: Transaction, event: people.events.PersonsMerged) -> None:
    """Close what was asked of two who are one now, wherever that was decided; place what waited for it."""
    unplaced = await close_merged(tx, await _records_of(tx, event.canonical_id))
    if unplaced:
        await place_later(tx, sorted(unplaced))


async def on_unmerge(tx: Transaction, event: people.events.PersonsUnmerged) -> None:
    """Compare two who were parted anew, unless the queue asks about them: whoever parted them there had it open."""
    parted, other = await _records_of(tx, event.person_id), await _records_of(tx, event.canonical_id)
    if not parted.isdisjoint(other) or await is_asked(tx, parted, other):
        return
    waiting = await store.wait_again(tx, sorted(parted | other), CITY)
    if waiting:
        await place_later(tx, waiting)


async def _records_of(tx: Transaction, person_id: UUID) -> set[UUID]:
    group = await people.group_of(tx, person_id)
    return {*group, *await store.members_of(tx, group)}


REACTIONS: tuple[Reaction[Any], ...] = (
    Reaction(people.events.PersonRegistered, "index.on-registration", together=on_registration, batch=100),
    Reaction(people.events.PersonCorrected, "index.on-correction", on_correction),
    Reaction(people.events.PersonsMerged, "index.on-merge", on_merge),
    Reaction(people.events.PersonsUnmerged, "index.on-unmerge", on_unmerge),
    Reaction(people.events.PersonWithdrawn, "index.on-withdrawal", on_withdrawal),
)
