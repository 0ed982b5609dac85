"""
What matching and grouping do to hospitals' files of which it is known who is who.

Seeds below hospital_files.TUNING_SEEDS are for whoever changes matching; the ones here it has never seen. A record is
queued when a clerk must look at it: of each question, the records beside its largest side.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest

from healthcloud.index.grouping import Grouping, PairDecision, groups
from healthcloud.index.matching import DEFAULT_MODEL, Shelf, Written, read_content
from healthcloud_simulators import hospital_files
from healthcloud_simulators.hospital_files import Likeness, Row

TODAY = date(2025, 10, 1)
MOST_ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Count:
    """What came of two files, in pairs of rows."""

    precision: float
    recall: float
    with_review: float
    queued: float
    false_alike: list[Likeness]
    shown: str


@pytest.mark.parametrize("seed", [7001, 7002])
def test_two_hospitals_files_are_linked_as_promised(seed: int) -> None:
    given = hospital_files.files(seed, rows=6_000, common=1_500)

    found = count(given)

    assert {why for why, _, _ in given.town.alike} == set(Likeness)
    assert_promise(found)


@pytest.mark.city
@pytest.mark.parametrize("seed", [7101, 7102, 7103])
def test_files_of_sixty_thousand_rows_are_linked_as_promised(seed: int) -> None:
    assert_promise(count(hospital_files.files(seed, rows=60_000, common=8_000)))


def test_seeds_here_are_not_for_tuning() -> None:
    assert not {7001, 7002, 7101, 7102, 7103} & set(hospital_files.TUNING_SEEDS)


def assert_promise(found: Count) -> None:
    assert found.false_alike == [], found.shown
    assert found.precision >= 0.9995, found.shown
    assert found.recall >= 0.80, found.shown
    assert found.with_review >= 0.97, found.shown
    assert found.queued <= 0.05, found.shown


def count(files: hospital_files.Files) -> Count:
    """Let the rows arrive one by one and count the pairs that were joined, asked about and missed."""
    rows = {UUID(int=place): row for place, row in enumerate(files.rows, 1)}
    grouping = arrive(rows)
    of_person: defaultdict[int, list[UUID]] = defaultdict(list)
    for record, row in rows.items():
        of_person[row.person].append(record)
    true = pairs_of(of_person.values())
    joined = pairs_of(grouping.groups)
    asked = pairs_of(question.records for question in grouping.questions)
    queued = sum(len(one.records) - max(len(side) for side in one.sides) for one in grouping.questions)
    alike = {frozenset((one, other)): why for why, one, other in files.town.alike}
    false = sorted(joined - true)
    persons = [frozenset((rows[one].person, rows[other].person)) for one, other in false]
    return Count(
        precision=len(joined & true) / len(joined),
        recall=len(joined & true) / len(true),
        with_review=len((joined | asked) & true) / len(true),
        queued=queued / len(rows),
        false_alike=[alike[pair] for pair in persons if pair in alike],
        shown=tell(rows, false, sorted(true - joined - asked)),
    )


def arrive(rows: dict[UUID, Row]) -> Grouping:
    shelf: Shelf[UUID] = Shelf(DEFAULT_MODEL)
    decisions = []
    for record, row in rows.items():
        written = row.written
        content = read_content(
            Written(
                name=written.name,
                sex=written.sex,
                birth_date=written.birth_date,
                number=written.number,
                phone=written.phone,
                address=written.address,
                ethnicity=written.ethnicity,
            ),
            TODAY,
        )
        decisions += [
            PairDecision(record, other, decision.outcome, decision.rule)
            for other, decision in shelf.add(record, content)
        ]
    return groups(rows, decisions)


def pairs_of(sets: Iterable[Collection[UUID]]) -> set[tuple[UUID, UUID]]:
    return {pair for members in sets for pair in combinations(sorted(members), 2)}


def tell(rows: dict[UUID, Row], false: list[tuple[UUID, UUID]], missed: list[tuple[UUID, UUID]]) -> str:
    """Say what was joined wrongly and, by what befell the rows, what was missed: what to mend."""
    befell = Counter(" ".join(sorted({*rows[one].written.marks, *rows[other].written.marks})) for one, other in missed)
    wrong = [f"{rows[one].written}\n{rows[other].written}" for one, other in false[:MOST_ROWS_SHOWN]]
    return "\n".join(
        [f"{len(false)} joined wrongly", *wrong, f"{len(missed)} missed", *map(str, befell.most_common(9))]
    )
