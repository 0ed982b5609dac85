"""Moving an institution's patient number to the person it is found to be of, and back."""

from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds, events
from healthcloud.people.patient_numbers import store
from healthcloud.people.patient_numbers.store import NumberLine


async def move_number(
    tx: Transaction, caller: Caller, institution_id: UUID, number: str, person_id: UUID | None
) -> UUID | None:
    """
    Have an institution's patient number be this person's, or nobody's; return whose it was (scope people.correct).

    Ids are persons' own, not whom they resolve to, so that a number goes back exactly where it was.
    """
    deeds.must(caller, "people.correct")
    owners = await store.number_owners(tx, [(institution_id, number)])
    before = owners[0].person_id if owners else None
    if before == person_id:
        return before
    now = tx.clock.now()
    if before is not None:
        await store.drop_number(tx, before, institution_id, number)
        await store.release_numbers(tx, [(institution_id, number)])
        line = NumberLine(before, new_id(), now, institution_id, number, "unlinked", caller.account_id)
        await store.add_history(tx, line)
        await audit.record(tx, caller, deeds.NUMBER_UNLINKED, before)
        await tx.announce(events.NumberMoved(before, line.id))
    if person_id is not None and await store.claim_number(tx, institution_id, number, person_id):
        await store.add_number(tx, person_id, institution_id, number, now)
        line = NumberLine(person_id, new_id(), now, institution_id, number, "linked", caller.account_id)
        await store.add_history(tx, line)
        await audit.record(tx, caller, deeds.NUMBER_LINKED, person_id)
    return before
