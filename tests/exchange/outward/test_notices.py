"""Hospitals hear that something of a person they have a number of has changed, and no more than that."""

from typing import Any

import pytest
from exchange.outward.hospitals import Hospital, an_institution, connect, standing
from people.makers import a_person, desk

from healthcloud import cards, institutions, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.core.events import Event
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.exchange import outward
from healthcloud.people.patient_numbers.actions import history_of_numbers
from healthcloud.server import notices

pytestmark = pytest.mark.usefixtures("code_sets")


@pytest.fixture(scope="module")
async def code_sets(database: Database) -> None:
    await institutions.load_standard_sets(database, SYSTEM)


async def _happens(database: Database, event: Event) -> None:
    """React to an event as the runner does."""
    [reaction] = [one for one in notices.REACTIONS if one.event_type is type(event)]
    handler: Any = reaction.handler
    await database.transact(lambda tx: handler(tx, event))


async def _send(database: Database) -> None:
    out = outward.Outward(database, outward.endpoints.Terms())
    lease = Lease(database, f"test-{new_id()}", new_id())
    await lease.take()
    await out.dispatching().step(database, lease)
    while not out.is_idle:
        await out.dispatching().step(database, lease)
    await out.close()


async def test_each_hospital_is_told_by_its_own_number_what_kind_of_change_there_was(database: Database) -> None:
    # Given a person with a number at a hospital that takes notices, and at one that takes none
    async with standing(Hospital()) as hospital:
        here, elsewhere = await an_institution(database, 901), await an_institution(database, 902)
        await connect(database, hospital, here)
        person_id, link = await a_person(database), people.patient_numbers.link_local_number
        for place, number in (here, "P0001"), (elsewhere, "E0001"):
            clerk = desk(place)
            await database.transact(lambda tx, c=clerk, n=number: link(tx, c, person_id, n))  # type: ignore[misc]  # bound in the loop
        # When the person is corrected, the card is stopped, and the number turns out to be nobody's
        await _happens(database, people.events.PersonCorrected(person_id, "name", 2))
        await _happens(database, cards.events.CardFrozen(person_id, "lost"))
        clerk = desk(None)
        await database.transact(lambda tx: people.patient_numbers.move_number(tx, clerk, here, "P0001", None))
        async with database.read() as read:
            history = await history_of_numbers(read, desk(here), person_id)
        await _happens(database, people.events.NumberMoved(person_id, history[0].id))
        await _send(database)
    # Then the hospital knows which of its numbers to ask about, and nothing else
    told = sorted((one["kind"], one["body"]["change"]) for one in hospital.taken.values())
    assert told == [("card.changed", "frozen"), ("person.changed", "corrected"), ("person.changed", "number-moved")]
    assert all(one["body"].keys() == {"number", "change"} for one in hospital.taken.values())
    assert {one["body"]["number"] for one in hospital.taken.values()} == {"P0001"}
