"""Linking an institution's patient numbers to persons, and unlinking them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import FieldFault, Forbidden, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.errors import LocalNumberNotFound, LocalNumberTaken, PersonNotFound
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.grants.reads import may_act_for
from healthcloud.people.holding import hold
from healthcloud.people.model import Broken
from healthcloud.people.patient_numbers import store
from healthcloud.people.patient_numbers.model import normalise_local_number
from healthcloud.people.patient_numbers.store import LocalNumber, NumberLine
from healthcloud.people.seen import store as faces
from healthcloud.people.seen.reads import resolved


async def link_local_number(tx: Transaction, caller: Caller, person_id: UUID, number: str) -> None:
    """
    Link a patient number of the caller's institution to a person (scope people.register); twice is once.

    Raises LocalNumberTaken when it is another person's, and keeps that refusal for its owner.
    """
    institution_id = _institution_of(caller)
    written = _read(number)
    held = await hold(tx, person_id)
    if not await store.claim_number(tx, institution_id, written, held.id):
        owner = await owner_of_number(tx, institution_id, written)
        if owner == held.id:
            return
        if owner is not None:
            audit.refuse(tx, caller, deeds.NUMBER_LINKED, owner, reason=LocalNumberTaken.code)
        raise LocalNumberTaken
    await store.add_number(tx, held.id, institution_id, written, tx.clock.now())
    await _keep(tx, caller, held.id, institution_id, written, "linked")
    await audit.record(tx, caller, deeds.NUMBER_LINKED, held.id)


async def link_numbers(
    tx: Transaction, caller: Caller, institution_id: UUID, numbers: Mapping[str, UUID]
) -> dict[str, UUID]:
    """
    Link patient numbers of an institution to canonical persons, by a handful of statements (scope people.register).

    Return those that belong to somebody else, each with whose it is; they stay so. Numbers are in their one spelling.
    """
    deeds.must(caller, "people.register")
    wanted = sorted(numbers)
    claimed = await store.claim_numbers(tx, institution_id, wanted, [numbers[number] for number in wanted])
    if claimed:
        lines = [(number, numbers[number], new_id()) for number in sorted(claimed)]
        await store.add_numbers(tx, institution_id, lines, tx.clock.now(), caller.account_id)
        entries = [audit.Entry(deeds.NUMBER_LINKED, person_id) for _, person_id, _ in lines]
        await audit.record_many(tx, caller, entries)
    owners = await owners_of_numbers(tx, institution_id, set(wanted) - set(claimed))
    return {number: owner for number, owner in owners.items() if owner != numbers[number]}


async def unlink_local_number(tx: Transaction, caller: Caller, person_id: UUID, number: str) -> None:
    """Take a patient number of the caller's institution off a person (scope people.register)."""
    institution_id = _institution_of(caller)
    written = _read(number)
    for one in await faces.group_of(tx, person_id):
        if await store.drop_number(tx, one, institution_id, written):
            await store.release_numbers(tx, [(institution_id, written)])
            await _keep(tx, caller, one, institution_id, written, "unlinked")
            await audit.record(tx, caller, deeds.NUMBER_UNLINKED, one)
            return
    raise LocalNumberNotFound


async def unlink_all(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """Take every patient number off a person whose registration ends."""
    for one in await store.numbers_of(tx, [person_id]):
        await store.drop_number(tx, person_id, one.institution_id, one.number)
        await store.release_numbers(tx, [(one.institution_id, one.number)])
        await _keep(tx, caller, person_id, one.institution_id, one.number, "unlinked")


async def numbers_for(read: Read, caller: Caller, person_id: UUID) -> list[LocalNumber]:
    """Return the patient numbers of a resident, or of somebody whose card they keep; raise PersonNotFound."""
    if not await may_act_for(read, caller, person_id, GrantScope.CARD):
        raise PersonNotFound
    return await store.numbers_of(read, await faces.group_of(read, person_id))


async def owner_of_number(read: Read, institution_id: UUID, number: str) -> UUID | None:
    """Return whom an institution's patient number resolves to."""
    owners = await store.number_owners(read, [(institution_id, number)])
    return await faces.canonical_of(read, owners[0].person_id) if owners else None


async def owners_of_numbers(read: Read, institution_id: UUID, numbers: Collection[str]) -> dict[str, UUID]:
    """Return whom each of an institution's patient numbers resolves to; one nobody has is left out."""
    if not numbers:
        return {}
    found = await store.number_owners(read, [(institution_id, number) for number in numbers])
    whose = await resolved(read, {one.person_id for one in found})
    return {one.number: whose[one.person_id].person_id for one in found if one.person_id in whose}


async def history_of_numbers(read: Read, caller: Caller, person_id: UUID) -> list[NumberLine]:
    """Return how the patient numbers that the caller's institution has for a person came and went, newest first."""
    institution_id = _institution_of(caller)
    return await store.history_of(read, await faces.group_of(read, person_id), institution_id)


def _institution_of(caller: Caller) -> UUID:
    deeds.must(caller, "people.register")
    if caller.institution_id is None:
        raise Forbidden
    return caller.institution_id


def _read(number: str) -> str:
    try:
        return normalise_local_number(number)
    except Broken as broken:
        raise Unacceptable(faults=(FieldFault("#/number", broken.en, broken.zh),)) from None


async def _keep(tx: Transaction, caller: Caller, person_id: UUID, institution_id: UUID, number: str, what: str) -> None:
    line = NumberLine(person_id, new_id(), tx.clock.now(), institution_id, number, what, caller.account_id)
    await store.add_history(tx, line)
