"""
Notices: institutions hear that something of a person they have a number of has changed; what, they come and ask.

A notice holds the institution's own number and the kind of change, never what changed.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

from healthcloud import cards, exchange, people
from healthcloud.core.background import Reaction
from healthcloud.core.db import Transaction
from healthcloud.core.events import Event
from healthcloud.core.ids import new_id

outward = exchange.outward
Handler = Callable[[Transaction, Any], Awaitable[None]]


async def _tell(tx: Transaction, kind: str, change: str, person_ids: Iterable[UUID]) -> None:
    numbers = {
        (one.institution_id, one.number): one
        for person_id in person_ids
        for one in await people.patient_numbers.numbers_held(tx, person_id)
    }
    asking = await outward.asking_for(tx, {place for place, _ in numbers}, kind)
    for place, number in sorted(numbers):
        if place in asking:
            await _send(tx, place, kind, change, number, numbers[place, number].person_id)


async def _send(tx: Transaction, place: UUID, kind: str, change: str, number: str, person_id: UUID) -> None:
    # The reaction commits once, so a new key each time sends each notice once.
    body = {"number": number, "change": change}
    await outward.send(tx, place, kind, str(new_id()), body, person_id=person_id)


def _of_card(change: str) -> Handler:
    async def tell(tx: Transaction, event: Any) -> None:  # any event of cards that names a person
        await _tell(tx, outward.CARD_CHANGED, change, [event.person_id])

    return tell


async def _corrected(tx: Transaction, event: people.events.PersonCorrected) -> None:
    await _tell(tx, outward.PERSON_CHANGED, "corrected", [event.person_id])


async def _merged(tx: Transaction, event: people.events.PersonsMerged) -> None:
    await _tell(tx, outward.PERSON_CHANGED, "merged", [event.person_id, event.canonical_id])


async def _unmerged(tx: Transaction, event: people.events.PersonsUnmerged) -> None:
    await _tell(tx, outward.PERSON_CHANGED, "unmerged", [event.person_id, event.canonical_id])


async def _number_moved(tx: Transaction, event: people.events.NumberMoved) -> None:
    line = await people.patient_numbers.number_line(tx, event.person_id, event.line_id)
    if line is not None:
        await _send(tx, line.institution_id, outward.PERSON_CHANGED, "number-moved", line.number, event.person_id)


def _reaction(event: type[Event], handler: Handler) -> Reaction[Any]:
    return Reaction(event, f"exchange.tell-{event.kind.replace('.', '-')}", handler)


REACTIONS: tuple[Reaction[Any], ...] = (
    _reaction(people.events.PersonCorrected, _corrected),
    _reaction(people.events.PersonsMerged, _merged),
    _reaction(people.events.PersonsUnmerged, _unmerged),
    _reaction(people.events.NumberMoved, _number_moved),
    _reaction(cards.events.CardFrozen, _of_card("frozen")),
    _reaction(cards.events.CardUnfrozen, _of_card("unfrozen")),
    _reaction(cards.events.CardCancelled, _of_card("cancelled")),
    _reaction(cards.events.CardRestored, _of_card("restored")),
)
