"""What the index does when the city's own register changes; `server/wiring.py` names these. Each may be repeated."""

from typing import Any

from healthcloud import people
from healthcloud.core.background import Reaction
from healthcloud.core.db import Transaction
from healthcloud.index.placing.jobs import place_later
from healthcloud.index.records import store
from healthcloud.index.records.city import follow_person


async def on_registration(tx: Transaction, event: people.events.PersonRegistered) -> None:
    """Write the city's record of somebody new, and compare it once it is committed."""
    if await follow_person(tx, event.person_id):
        await place_later(tx, [event.person_id])


async def on_correction(tx: Transaction, event: people.events.PersonCorrected) -> None:
    """Have the city's record say what the city says now."""
    if await follow_person(tx, event.person_id):
        await place_later(tx, [event.person_id])


async def on_withdrawal(tx: Transaction, event: people.events.PersonWithdrawn) -> None:
    """End the records of a registration made in error; an institution that sends its own again has them placed anew."""
    ids = await store.members_of(tx, [event.person_id])
    if ids:
        await store.end_records(tx, ids)


REACTIONS: tuple[Reaction[Any], ...] = (
    Reaction(people.events.PersonRegistered, "index.on-registration", on_registration),
    Reaction(people.events.PersonCorrected, "index.on-correction", on_correction),
    Reaction(people.events.PersonWithdrawn, "index.on-withdrawal", on_withdrawal),
)
