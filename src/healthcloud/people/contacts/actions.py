"""Changing the phone number a person can be reached at."""

from uuid import UUID

import msgspec

from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.authority import must_be_theirs_or, record_for_both
from healthcloud.people.contacts import store
from healthcloud.people.contacts.model import normalise_phone
from healthcloud.people.errors import PhoneHasTooManyPersons
from healthcloud.people.events import PersonCorrected
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.holding import Held, hold
from healthcloud.people.model import FACE, PHONE, PHONE_INDEX, Broken, Policy
from healthcloud.people.seen.model import pack


async def change_phone(tx: Transaction, caller: Caller, person_id: UUID, phone: str | None, policy: Policy) -> int:
    """
    Give a person another phone number, or none; return the version of their data.

    For the person themself, a keeper, or a clerk (scope people.correct). Raises Unacceptable, PhoneHasTooManyPersons,
    PersonNotFound.
    """
    await must_be_theirs_or(tx, caller, person_id, GrantScope.IDENTITY, "people.correct", deeds.CONTACT_CHANGED)
    held = await hold(tx, person_id)
    number = read_phone(phone) if phone else None
    if number == held.face.phone:
        return held.row.version
    await _move(tx, caller, held, number, policy)
    face = msgspec.structs.replace(held.face, phone=number)
    sealed = tx.vault.seal(FACE, held.id.bytes, pack(face))
    version = await persons.replace_face(tx, held.id, sealed, held.row.level, held.row.kind) or held.row.version
    await record_for_both(tx, caller, deeds.CONTACT_CHANGED, held.id, {"version": version})
    await tx.announce(PersonCorrected(held.id, "phone", version))
    return version


def read_phone(phone: str) -> str:
    """Return a phone number in its one spelling; raise Unacceptable."""
    try:
        return normalise_phone(phone)
    except Broken as broken:
        raise Unacceptable(faults=(FieldFault("#/phone", broken.en, broken.zh),)) from None


async def _move(tx: Transaction, caller: Caller, held: Held, number: str | None, policy: Policy) -> None:
    await leave_phone(tx, held.id, held.face.phone)
    await store.end_contact(tx, held.id, tx.clock.now())
    if number is None:
        return
    current, *others = tx.vault.numbered_fingerprints(PHONE_INDEX, number)
    if not await store.join_phone(tx, current[1], current[0], held.id, policy.persons_per_phone):
        raise PhoneHasTooManyPersons(limit=policy.persons_per_phone)
    if others:
        await store.follow_phones(tx, [(key_number, fingerprint, held.id) for key_number, fingerprint in others])
    contact_id = new_id()
    sealed = tx.vault.seal(PHONE, held.id.bytes + contact_id.bytes, number.encode())
    await store.add_contact(tx, held.id, contact_id, sealed, tx.clock.now(), caller.institution_id)


async def leave_phone(tx: Transaction, person_id: UUID, number: str | None) -> None:
    """Take a person off the phone number they had."""
    if number is not None:
        fingerprints = list(tx.vault.fingerprints(PHONE_INDEX, number))
        await store.drop_phones(tx, fingerprints, [person_id] * len(fingerprints))
        await store.shrink_phones(tx, fingerprints, [person_id] * len(fingerprints))
