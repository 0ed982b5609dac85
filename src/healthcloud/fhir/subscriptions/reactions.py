"""What happens of itself: whoever subscribed hears that something about a patient of theirs has changed."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

from healthcloud import exchange, index, people
from healthcloud.core.background import Reaction
from healthcloud.core.db import Transaction
from healthcloud.core.events import Event
from healthcloud.core.ids import new_id
from healthcloud.fhir.subscriptions import store
from healthcloud.fhir.subscriptions.model import CRITERIA, notice_of

NOTICE = "fhir.notice"
exchange.outward.declare_kind(exchange.outward.MessageKind(NOTICE, "FHIR 订阅通知", "A notice of a FHIR subscription"))
Handler = Callable[[Transaction, Any], Awaitable[None]]


async def _tell(tx: Transaction, person_ids: Iterable[UUID]) -> None:
    """Send each subscribed institution that has a number of these persons a notice of its own Patient."""
    held = {
        (one.institution_id, one.number): one
        for person_id in person_ids
        for one in await people.patient_numbers.numbers_held(tx, person_id)
    }
    subscribed = await store.subscribed(tx, sorted({place for place, _ in held}), CRITERIA) if held else []
    by_place = {one.institution_id: one for one in subscribed}
    for place, number in sorted(held):
        if place in by_place:
            record = await index.find_record(tx, place, number)
            person_id = held[place, number].person_id
            body = notice_of(by_place[place], person_id if record is None else record.id)
            await exchange.outward.send(tx, place, NOTICE, str(new_id()), body, person_id=person_id)


async def _changed(tx: Transaction, event: people.events.PersonCorrected) -> None:
    await _tell(tx, [event.person_id])


async def _joined(tx: Transaction, event: Any) -> None:  # PersonsMerged or PersonsUnmerged
    await _tell(tx, [event.person_id, event.canonical_id])


def _reaction(event: type[Event], handler: Handler) -> Reaction[Any]:
    return Reaction(event, f"fhir.tell-{event.kind.replace('.', '-')}", handler)


REACTIONS: tuple[Reaction[Any], ...] = (
    _reaction(people.events.PersonCorrected, _changed),
    _reaction(people.events.PersonsMerged, _joined),
    _reaction(people.events.PersonsUnmerged, _joined),
)
