"""Registering persons, one or many: idempotent and free of races by a constraint on keyed fingerprints."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from healthcloud import audit
from healthcloud.core.background import enqueue_many
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.people import deeds
from healthcloud.people.errors import MotherNotFound
from healthcloud.people.events import PersonFromRecords, PersonRegistered, PersonVerified
from healthcloud.people.model import FACE, PersonState, Policy
from healthcloud.people.registration import store
from healthcloud.people.registration.claims import Case, case_of, in_rounds
from healthcloud.people.registration.decisions import Fresh, Refused, Same
from healthcloud.people.registration.model import (
    Ask,
    Mother,
    Registered,
    Registration,
    Verification,
    Wish,
    may_be_mother,
)
from healthcloud.people.registration.settle import Outcomes, settle
from healthcloud.people.seen.model import unpack

RECHECK = "people.recheck"
FIRST_RECHECK = timedelta(minutes=1)

Answer: TypeAlias = Registered | Problem


async def register(
    tx: Transaction,
    caller: Caller,
    registration: Registration,
    verification: Verification,
    policy: Policy,
) -> Registered:
    """
    Register a person, or return the one they are already, with what was missing filled in (scope people.register).

    Raises IdentityConflict, DocumentBelongsToAnother, PhoneHasTooManyPersons, LocalNumberTaken, MotherNotFound; each
    refusal that touches somebody is kept among the deeds they can read.
    """
    deeds.must(caller, "people.register")
    return await register_unchecked(tx, caller, registration, verification, policy)


async def register_unchecked(
    tx: Transaction, caller: Caller, registration: Registration, verification: Verification, policy: Policy
) -> Registered:
    """Register a person for a caller whose right to do so has been checked otherwise."""
    outcomes = await _carry_out(tx, [Ask(caller, Wish(registration, verification))], policy)
    for refused in outcomes.refused:
        if refused.subject_id is not None:
            audit.refuse(tx, caller, deeds.REGISTERED, refused.subject_id, reason=refused.problem.code)
        raise refused.problem
    [answer] = _answers(outcomes).values()
    return answer


async def register_many(tx: Transaction, asks: Sequence[Ask], policy: Policy) -> list[Answer]:
    """
    Register several persons by a handful of statements, each for its caller (scope people.register), as for one.

    The answers stand at the places of the asks; a refused one is its Problem, and the others are carried out.
    """
    for ask in asks:
        deeds.must(ask.caller, "people.register")
    outcomes = await _carry_out(tx, asks, policy)
    answers: dict[int, Answer] = {one.case.place: one.problem for one in outcomes.refused}
    answers.update(_answers(outcomes))
    return [answers[place] for place in range(len(asks))]


def _answers(outcomes: Outcomes) -> dict[int, Registered]:
    return {one.case.place: Registered(one.case.person_id, created=True) for one in outcomes.fresh} | {
        one.case.place: Registered(one.person.person_id, created=False) for one in outcomes.same
    }


async def _carry_out(tx: Transaction, asks: Sequence[Ask], policy: Policy) -> Outcomes:
    outcomes = Outcomes()
    mothers = await _mothers(tx, [ask.wish.registration for ask in asks])
    for round_ in in_rounds(_cases(tx, asks, mothers, outcomes)):
        await settle(tx, round_, policy, outcomes)
    await _tell(tx, outcomes)
    return outcomes


def _cases(tx: Transaction, asks: Sequence[Ask], mothers: dict[UUID, Mother], outcomes: Outcomes) -> list[Case]:
    cases = []
    for place, ask in enumerate(asks):
        birth = ask.wish.registration.birth
        mother = mothers.get(birth.mother_id) if birth else None
        case = case_of(tx.vault, place, ask.caller, ask.wish, mother)
        problem = _problem_of(case)
        if problem is None:
            cases.append(case)
        else:
            outcomes.refused.append(Refused(case, problem))
    return cases


def _problem_of(case: Case) -> Problem | None:
    if case.registration.local_number and case.local_number is None:
        fault = FieldFault("#/local_number", "only an institution has patient numbers", "只有医疗机构才有患者号")
        return Unacceptable(faults=(fault,))
    birth, mother = case.registration.birth, case.mother
    if birth and (mother is None or not may_be_mother(mother.face, birth)):
        fault = FieldFault("#/birth/mother_id", MotherNotFound().sentence, MotherNotFound.zh)
        return MotherNotFound(faults=(fault,))
    return None


async def _mothers(tx: Transaction, registrations: Sequence[Registration]) -> dict[UUID, Mother]:
    wanted = sorted({one.birth.mother_id for one in registrations if one.birth})
    rows = await store.families(tx, wanted) if wanted else []
    return {
        row.person_id: Mother(
            row.canonical_id,
            tuple(row.member_ids),
            unpack(tx.vault.open(FACE, row.canonical_id.bytes, row.face_sealed)),
        )
        for row in rows
        if row.state != PersonState.WITHDRAWN
    }


async def _tell(tx: Transaction, outcomes: Outcomes) -> None:
    await audit.record_each(tx, _lines(outcomes))
    await tx.announce_many(
        [
            *(_announced(one) for one in outcomes.fresh),
            *(PersonVerified(one.person.person_id, one.level) for one in outcomes.same if one.level > one.person.level),
        ]
    )
    rechecks = [one.case.person_id for one in outcomes.fresh if one.case.wish.verification.recheck]
    if rechecks:
        due_at = tx.clock.now() + FIRST_RECHECK
        await enqueue_many(tx, RECHECK, [{"person_id": str(one)} for one in rechecks], due_at=due_at)


def _announced(fresh: Fresh) -> PersonRegistered | PersonFromRecords:
    kind = PersonFromRecords if fresh.case.wish.from_records else PersonRegistered
    return kind(fresh.case.person_id, fresh.case.caller.institution_id, fresh.case.wish.verification.level)


def _lines(outcomes: Outcomes) -> list[tuple[Caller, audit.Entry]]:
    """Return the deeds of a batch; those refused are written here too, for what is not refused is committed."""
    lines = [(one.case.caller, entry) for one in outcomes.fresh for entry in _entries(one)]
    lines += [(one.case.caller, _entry_again(one)) for one in outcomes.same]
    lines += [
        (one.case.caller, audit.Entry(deeds.REGISTERED, one.subject_id, "refused", one.problem.code))
        for one in outcomes.refused
        if one.subject_id is not None
    ]
    return lines


def _entries(fresh: Fresh) -> list[audit.Entry]:
    case = fresh.case
    detail = {"created": True, "level": int(case.wish.verification.level)}
    entries = [audit.Entry(deeds.REGISTERED, case.person_id, detail=detail)]
    if case.mother is not None:
        entries.append(audit.Entry(deeds.CHILD_REGISTERED, case.mother.canonical_id))
    return entries


def _entry_again(same: Same) -> audit.Entry:
    before, added = int(same.person.level), len(same.new_documents)
    detail: audit.Detail = {"created": False, "level": same.level, "before": before, "documents_added": added}
    return audit.Entry(deeds.REGISTERED, same.person.person_id, detail=detail)
