"""What is known of the index's quality: counts of an institution or the city, and precision with its interval; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from uuid import UUID

import msgspec

Z95 = 1.959964  # of the normal distribution, for an interval of 95 %
SAMPLED_IN_65536 = 328  # one of two hundred automatic links is judged by a clerk
MOST_DRAWN = 500  # at one count


class Verdict(StrEnum):
    """What a clerk says of a sampled link."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"  # what is written does not tell


class Counts(msgspec.Struct, frozen=True):
    """
    Counts of one source, or of the city, at one time; no person is in them.

    `questions` are those open or proposed, `duplicates` those of them that may be one person twice.
    """

    states: dict[str, int]  # records by state
    outcomes: dict[str, int]  # placed records by outcome: linked, new
    rules: dict[str, int]  # linked records by rule
    questions: dict[str, int]  # by kind
    duplicates: int
    oldest: datetime | None  # opening of the oldest question
    median: datetime | None
    samples: dict[str, int]  # by verdict; "" waits


@dataclass(frozen=True, slots=True)
class Precision:
    """
    The share of sampled automatic links that clerks found right, and its 95 % interval (Wilson); 0 to 1.

    `judged` counts those told same or different; all three are None before the first.
    """

    judged: int
    right: int
    unsure: int
    waiting: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """
    The measures of an institution, or of the city (`institution_id` None), as of `counted_at`; None: never counted.

    Ages of open questions are as of the moment asked.
    """

    institution_id: UUID | None
    counted_at: datetime | None
    records: Mapping[str, int]  # by state: waiting, placed, review, ended
    outcomes: Mapping[str, int]  # of those placed: linked, new
    links_by_rule: Mapping[str, int]
    questions: Mapping[str, int]  # open or proposed, by kind
    duplicates_suspected: int
    oldest_question: timedelta | None
    median_question: timedelta | None
    precision: Precision


@dataclass(frozen=True, slots=True)
class InstitutionQuality:
    """A line of the city's list: an institution's records, what waits, and its precision."""

    institution_id: UUID
    name: str
    records: int
    linked: int
    review: int
    duplicates_suspected: int
    precision: Precision


def precision_of(samples: Mapping[str, int]) -> Precision:
    """Return precision from samples by verdict."""
    right, wrong = samples.get(Verdict.SAME, 0), samples.get(Verdict.DIFFERENT, 0)
    unsure, waiting, judged = samples.get(Verdict.UNSURE, 0), samples.get("", 0), right + wrong
    if not judged:
        return Precision(0, 0, unsure, waiting, None, None, None)
    low, high = wilson(right, judged)
    return Precision(judged, right, unsure, waiting, right / judged, low, high)


def wilson(right: int, judged: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score: it stays within 0 and 1, even where none was wrong."""
    share, square = right / judged, Z95 * Z95
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = Z95 * sqrt(share * (1 - share) / judged + square / (4 * judged * judged)) / (1 + square / judged)
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(of: UUID | None, counted_at: datetime | None, counts: Counts | None, now: datetime) -> Quality:
    """Return counts as they are looked at now."""
    found = counts or EMPTY
    return Quality(
        institution_id=of,
        counted_at=counted_at,
        records=found.states,
        outcomes=found.outcomes,
        links_by_rule=found.rules,
        questions=found.questions,
        duplicates_suspected=found.duplicates,
        oldest_question=now - found.oldest if found.oldest else None,
        median_question=now - found.median if found.median else None,
        precision=precision_of(found.samples),
    )


def added(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return counts by key, of equal keys the sum, the keys in order."""
    found: dict[str, int] = {}
    for key, count in sorted(counts):
        found[key] = found.get(key, 0) + count
    return found


EMPTY = Counts({}, {}, {}, {}, 0, None, None, {})
