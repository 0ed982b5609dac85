"""Recording a death, undoing one recorded in error, and withdrawing a registration made in error."""

from datetime import date, timedelta
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.accounts.actions import untie
from healthcloud.people.consents.actions import end_consents
from healthcloud.people.contacts import store as contacts
from healthcloud.people.contacts.actions import leave_phone
from healthcloud.people.errors import AlreadyDeceased, DeathSettled, NotDeceased, PersonLinked
from healthcloud.people.events import DeathUndone, PersonDied, PersonWithdrawn
from healthcloud.people.grants.actions import end_grants_of
from healthcloud.people.held_documents import store as documents
from healthcloud.people.held_documents.actions import give_back
from healthcloud.people.holding import Held, hold
from healthcloud.people.identities import store as identities
from healthcloud.people.identities.model import fingerprints_of
from healthcloud.people.lives import store
from healthcloud.people.lives.store import StateChange
from healthcloud.people.model import PersonState, Policy
from healthcloud.people.patient_numbers.actions import unlink_all
from healthcloud.people.reading import read_evidence
from healthcloud.people.registration.model import birth_key
from healthcloud.people.seen import store as faces


async def record_death(tx: Transaction, caller: Caller, person_id: UUID, died_on: date, evidence: str) -> None:
    """
    Record a death (scope people.correct); `died_on` is the day in Shanghai.

    Raises AlreadyDeceased, PersonNotFound, or Unacceptable for a day before the birth or after today.
    """
    deeds.must(caller, "people.correct")
    told = read_evidence(evidence)
    held = await hold(tx, person_id)
    if held.row.state == PersonState.DECEASED:
        raise AlreadyDeceased
    if not held.face.birth_date <= died_on <= tx.clock.now().astimezone(SHANGHAI).date():
        fault = FieldFault("#/died_on", "must lie between birth and today", "应在出生日期与今天之间")
        raise Unacceptable(faults=(fault,))
    await persons.set_state(tx, held.id, PersonState.DECEASED, died_on)
    await _keep(tx, caller, held, "died", told, died_on)
    await audit.record(tx, caller, deeds.DIED, held.id)
    await tx.announce(PersonDied(held.id, died_on))


async def undo_death(tx: Transaction, caller: Caller, person_id: UUID, evidence: str, policy: Policy) -> None:
    """
    Take a death back that was recorded in error (scope people.correct), at a counter only within the policy's days.

    Later it needs the system itself. Raises NotDeceased, DeathSettled, PersonNotFound.
    """
    deeds.must(caller, "people.correct")
    told = read_evidence(evidence)
    held = await hold(tx, person_id)
    if held.row.state != PersonState.DECEASED:
        raise NotDeceased
    recorded = next(change.at for change in await store.changes_of(tx, held.id) if change.what == "died")
    if not deeds.is_system(caller) and tx.clock.now() > recorded + timedelta(days=policy.death_undo_days):
        audit.refuse(tx, caller, deeds.DEATH_UNDONE, held.id, reason=DeathSettled.code)
        raise DeathSettled
    await persons.set_state(tx, held.id, PersonState.ALIVE, None)
    await _keep(tx, caller, held, "death-undone", told)
    await audit.record(tx, caller, deeds.DEATH_UNDONE, held.id)
    await tx.announce(DeathUndone(held.id))


async def withdraw_person(tx: Transaction, caller: Caller, person_id: UUID, evidence: str) -> None:
    """
    Withdraw a registration made in error (scope people.correct): its numbers are free for whom they belong to.

    Account, care grants, consents, phone and patient numbers end with it; the sealed data and the history stay.
    Raises PersonLinked for a merged person, PersonGone, PersonNotFound.
    """
    deeds.must(caller, "people.correct")
    told = read_evidence(evidence)
    held = await hold(tx, person_id)
    if held.row.grouped:
        raise PersonLinked
    await _free_numbers(tx, held)
    await leave_phone(tx, held.id, held.face.phone)
    await contacts.end_contact(tx, held.id, tx.clock.now())
    await unlink_all(tx, caller, held.id)
    await untie(tx, caller, held.id)
    await end_grants_of(tx, caller, held.id)
    await end_consents(tx, caller, held.id)
    await persons.set_state(tx, held.id, PersonState.WITHDRAWN, None)
    await _keep(tx, caller, held, "withdrawn", told)
    await audit.record(tx, caller, deeds.WITHDRAWN, held.id, detail={"before": held.row.level})
    await tx.announce(PersonWithdrawn(held.id))


async def _free_numbers(tx: Transaction, held: Held) -> None:
    for document in await documents.documents_of(tx, [held.id]):
        await give_back(tx, document)
    await documents.release_all(tx, held.id)
    birth = await persons.newborn(tx, held.id)
    if birth is not None:
        for mother_id in await faces.group_of(tx, birth.mother_id):
            key = birth_key(mother_id, birth.birth_date, birth.birth_order)
            await identities.release(tx, fingerprints_of(tx.vault, key))


async def _keep(
    tx: Transaction, caller: Caller, held: Held, what: str, evidence: str, died_on: date | None = None
) -> None:
    change = StateChange(
        held.id, new_id(), tx.clock.now(), what, died_on, evidence, caller.account_id, caller.institution_id
    )
    await store.add_change(tx, change)
