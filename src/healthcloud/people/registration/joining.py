"""Phones and patient numbers of a round: taken with their limits, and given back by whoever is refused after all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from healthcloud.core.db import Transaction
from healthcloud.people.contacts.store import drop_phones, follow_phones, shrink_phones
from healthcloud.people.errors import LocalNumberTaken, PhoneHasTooManyPersons
from healthcloud.people.model import Policy
from healthcloud.people.patient_numbers.store import number_owners, release_numbers
from healthcloud.people.registration import store
from healthcloud.people.registration.decisions import Fresh, Refused, Same


@dataclass(frozen=True, slots=True)
class Given:
    """What a round got: phones by their current fingerprint, and institutions' patient numbers that were free."""

    phones: frozenset[bytes] = frozenset()
    numbers: frozenset[tuple[UUID, str]] = frozenset()


def person_of(decision: Fresh | Same) -> UUID:
    """Return the person a decision is about."""
    return decision.case.person_id if isinstance(decision, Fresh) else decision.person.person_id


def wants_phone(decision: Fresh | Same) -> bool:
    """Tell whether a phone number is to be taken."""
    return bool(decision.case.phones) and (isinstance(decision, Fresh) or decision.new_phone is not None)


async def join(tx: Transaction, decisions: Sequence[Fresh | Same], policy: Policy) -> tuple[Given, list[Refused]]:
    """Take phones and patient numbers; say what was given and who could not have theirs."""
    calling = [d for d in decisions if wants_phone(d)]
    numbered = {d.case.local_number: d for d in decisions if d.case.local_number}
    if not calling and not numbered:
        return Given(), []
    joined = await store.join_lookups(
        tx,
        [(*d.case.phones[0], person_of(d)) for d in calling],
        policy.persons_per_phone,
        [(*number, person_of(d)) for number, d in numbered.items() if number],
    )
    given = Given(
        frozenset(one.phone for one in joined if one.phone is not None),
        frozenset((one.institution_id, one.number) for one in joined if one.institution_id and one.number is not None),
    )
    others = [
        (*phone, person_of(d)) for d in calling if d.case.phones[0][1] in given.phones for phone in d.case.phones[1:]
    ]
    if others:
        await follow_phones(tx, others)
    refused = [
        Refused(d.case, PhoneHasTooManyPersons(limit=policy.persons_per_phone))
        for d in calling
        if d.case.phones[0][1] not in given.phones and not d.case.wish.from_records
    ]
    taken = {number: d for number, d in numbered.items() if number and number not in given.numbers}
    return given, refused + await _refused_numbers(tx, taken)


def with_what_was_given(decision: Fresh | Same, given: Given) -> Fresh | Same:
    """Leave out the phone of somebody known from records who could not have it."""
    case = decision.case
    if not case.wish.from_records or not wants_phone(decision) or case.phones[0][1] in given.phones:
        return decision
    wish = replace(case.wish, registration=replace(case.registration, phone=None))
    return replace(decision, case=replace(case, wish=wish, phones=()))


async def _refused_numbers(tx: Transaction, taken: Mapping[tuple[UUID, str], Fresh | Same]) -> list[Refused]:
    if not taken:
        return []
    found = await number_owners(tx, list(taken))
    canonical = {row.person_id: row.canonical_id for row in await store.known(tx, [one.person_id for one in found])}
    owners = {(one.institution_id, one.number): canonical[one.person_id] for one in found}
    return [
        Refused(decision.case, LocalNumberTaken(), owners.get(number))
        for number, decision in taken.items()
        if owners.get(number) != person_of(decision)
    ]


async def leave(tx: Transaction, given: Given, decisions: Collection[Fresh | Same]) -> None:
    """Give back what these decisions were given."""
    phones = [
        (fingerprint, person_of(d))
        for d in decisions
        if wants_phone(d) and d.case.phones[0][1] in given.phones
        for _, fingerprint in d.case.phones
    ]
    if phones:
        fingerprints, person_ids = [one for one, _ in phones], [one for _, one in phones]
        await drop_phones(tx, fingerprints, person_ids)
        await shrink_phones(tx, fingerprints, person_ids)
    numbers = [d.case.local_number for d in decisions if d.case.local_number and d.case.local_number in given.numbers]
    if numbers:
        await release_numbers(tx, numbers)
