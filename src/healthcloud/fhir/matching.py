"""
`Patient/$match` (FHIR R4, 8.1.13; IHE PDQm ITI-119): who this may be, best first, each with score and grade.

A grade is the index's own decision: certain by an exact rule, probable where it would link by weight, possible where it
would ask people. Nothing is written but the deed.
"""

import math
from collections.abc import Sequence
from uuid import UUID

from healthcloud import index
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Forbidden, Unacceptable
from healthcloud.fhir import deeds
from healthcloud.fhir.looking import look
from healthcloud.fhir.model import OPEN, REGISTER, Json, Resource
from healthcloud.fhir.patients import patient_of, read_patient
from healthcloud.fhir.resources import read
from healthcloud.fhir.searching import today_of
from healthcloud.fhir.writing import written_of

CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
_RANGES = {CERTAIN: (0.99, 1.0), PROBABLE: (0.8, 0.99), POSSIBLE: (0.3, 0.8)}
_MOST, _USUAL = 50, 10


async def match(tx: Transaction, caller: Caller, sent: object) -> list[tuple[Resource, float, str]]:
    """
    Return the Patients that may be the one described, each with its score and grade (scope people.register or open).

    `sent` is Parameters (resource, onlyCertainMatches, count) or the Patient alone. A certain answer that is not the
    only one is none: then nothing is returned for `onlyCertainMatches`.
    """
    if caller.scopes.isdisjoint((OPEN, REGISTER)):
        raise Forbidden(scope=f"{REGISTER} | {OPEN}")
    patient, only_certain, count = _asked(sent)
    content = index.read_content(written_of(read_patient(patient)), today_of(tx))
    candidates = await index.candidates(tx, content, _MOST)
    graded = best_of(candidates)
    if only_certain:
        certain = [one for one in graded if one[2] == CERTAIN]
        graded = certain if len(certain) == 1 else []
    chosen = {one: (score, grade) for one, score, grade in graded[:count]}
    shown = await look(tx, caller, list(chosen), deeds.MATCHED)
    return [(patient_of(one), *chosen[one.id]) for one in shown]


def best_of(candidates: Sequence[index.Candidate]) -> list[tuple[UUID, float, str]]:
    """Return each person once with the best of their records' grades, best first; a record of nobody by itself."""
    best: dict[UUID, tuple[float, str]] = {}
    for one in candidates:
        grade = grade_of(one.decision)
        if grade is None:
            continue
        who = one.person_id or one.record.id
        score = score_of(grade, one.decision.weight)
        if who not in best or score > best[who][0]:
            best[who] = (score, grade)
    return sorted(((who, *graded) for who, graded in best.items()), key=lambda one: (-one[1], one[0]))


def grade_of(decision: index.Decision) -> str | None:
    """Return the match-grade of a decision; None for certainly-not."""
    if decision.outcome == "link":
        return CERTAIN if decision.rule == index.SAME_NUMBER else PROBABLE
    return POSSIBLE if decision.outcome == "review" else None


def score_of(grade: str, bits: float) -> float:
    """Return a score from 0 to 1: by the grade first, within it by the weight (log2 of the odds)."""
    low, high = _RANGES[grade]
    odds = 1 / (1 + math.exp2(-max(-60.0, min(60.0, bits)) / 8))
    return round(low + (high - low) * odds, 4)


def _asked(sent: object) -> tuple[Resource, bool, int]:
    """Return the Patient described, whether only a certain answer is wanted, and how many at most."""
    if isinstance(sent, dict) and sent.get("resourceType") == "Patient":
        return read("Patient", sent), False, _USUAL
    given = {str(one.get("name")): one for one in _parts(read("Parameters", sent))}
    resource: Json = given.get("resource", {}).get("resource")
    if resource is None:
        raise Unacceptable(faults=(FieldFault("#/parameter", "needs a resource: a Patient", "须有 resource：Patient"),))
    only = given.get("onlyCertainMatches", {}).get("valueBoolean") is True
    count = given.get("count", {}).get("valueInteger")
    most = count if isinstance(count, int) and not isinstance(count, bool) else _USUAL
    return read("Patient", resource), only, max(0, min(most, _MOST))


def _parts(parameters: Resource) -> list[Resource]:
    found = parameters.get("parameter")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
