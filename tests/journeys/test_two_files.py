"""
Two hospitals' files of 60,000 rows with 8,000 persons in both: one by command, one by page; who is who is known.

What is joined without people is one person, never two; whoever is certain in both files is one person with one card.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from journeys.cast import Cast, Visit
from journeys.patient_files import hand_in, number
from journeys.processes import RunningCity
from playwright.async_api import Page

from healthcloud.core.postgres import EmbeddedPostgres
from healthcloud_simulators.hospital_files import FORMS

ROWS, IN_BOTH, RESIDENTS = 60_000, 8_000, 12_000
PATIENCE_S = 900
PRECISION, RECALL, QUEUED = 0.9995, 0.80, 0.05

Key = tuple[int, str]  # hospital, local number


@dataclass(frozen=True)
class Answer:
    """What the city answered of a row, and the person it goes to, where it is settled."""

    outcome: str
    person: str

    @property
    def is_settled(self) -> bool:
        return self.outcome in {"linked", "new", "unchanged"}


@pytest.fixture
def city(new_city: Callable[[], RunningCity]) -> RunningCity:
    made = new_city()
    made.residents = RESIDENTS
    made.start()
    return made


@pytest.fixture
def site(city: RunningCity) -> str:
    return city.url


def read(path: Path, encoding: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def answers_of(hospital: int, path: Path) -> dict[Key, Answer]:
    return {(hospital, row[1]): Answer(row[2].split()[-1], row[3]) for row in read(path, FORMS[hospital - 1].encoding)}


def by_command(city: RunningCity, institution: str, file: Path, answers: Path) -> None:
    done = city.command(
        *("people", "import", str(file), "--institution", institution, "--answers", str(answers)), seconds=PATIENCE_S
    )
    assert done.returncode in {0, 3}, done.stderr


async def by_page(page: Page, institution: str, file: Path, answers: Path) -> None:
    await hand_in(page, institution, file, PATIENCE_S * 1000)
    assert await number(page, "归到已有的人") > 0
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="下载逐行结果").click()
    await (await downloading.value).save_as(answers)


def wrongly_joined(settled: Mapping[Key, Answer], labels: Mapping[Key, str]) -> tuple[int, int]:
    """Count the pairs of rows that are one person to the city, and those of them that are not."""
    rows_of = defaultdict(list)
    for key, answer in settled.items():
        rows_of[answer.person].append(labels[key])
    pairs = sum(_pairs(len(rows)) for rows in rows_of.values())
    return pairs, pairs - sum(_pairs(count) for rows in rows_of.values() for count in Counter(rows).values())


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def one_person_each(settled: Mapping[Key, Answer], labels: Mapping[Key, str]) -> set[str]:
    """Return the persons of the city who stand alone for somebody that both hospitals know."""
    persons, hospitals = defaultdict(set), defaultdict(set)
    for key, answer in settled.items():
        persons[labels[key]].add(answer.person)
        hospitals[labels[key]].add(key[0])
    both = [one for one, places in hospitals.items() if len(places) == len(FORMS)]
    return {min(persons[one]) for one in both if len(persons[one]) == 1}


async def cards_of(city: RunningCity, persons: set[str]) -> Counter[UUID]:
    """Count the cards, not struck off, of each of these persons."""
    connection = await asyncpg.connect(EmbeddedPostgres(city.var / "database").owner_url)
    try:
        rows = await connection.fetch(
            """
            SELECT person_id FROM cards.cards
            WHERE person_id = ANY($1::uuid[]) AND alias_of IS NULL AND status <> 3
            """,
            [UUID(one) for one in persons],
        )
    finally:
        await connection.close()
    return Counter(row["person_id"] for row in rows)


@pytest.mark.drill
async def test_what_two_hospitals_know_becomes_one_person_and_one_card_each(
    city: RunningCity, visitor: Visit, tmp_path: Path
) -> None:
    cast = Cast(city, visitor)
    page = await cast.staff("operator")
    city.json(
        *("demo", "files", "--folder", str(tmp_path), "--rows", str(ROWS)),
        *("--common", str(IN_BOTH), "--residents", str(RESIDENTS)),
    )
    assert city.command("people", "index").returncode == 0
    first, second = (cast.machine(hospital).machine for hospital in (1, 2))
    by_command(city, str(first.institution_id), tmp_path / "hospital-1.csv", tmp_path / "1.csv")
    await by_page(page, second.institution, tmp_path / "hospital-2.csv", tmp_path / "2.csv")

    said = answers_of(1, tmp_path / "1.csv") | answers_of(2, tmp_path / "2.csv")
    labels = {(int(row[0]), row[1]): row[2] for row in read(tmp_path / "labels.csv", "utf-8")}
    assert len(labels) == ROWS
    assert said.keys() == labels.keys()
    settled = {key: answer for key, answer in said.items() if answer.is_settled}
    in_queue = sum(answer.outcome == "review" for answer in said.values())
    pairs, wrong = wrongly_joined(settled, labels)
    one = one_person_each(settled, labels)
    cards = await cards_of(city, one)
    print(  # noqa: T201 - what the page of figures quotes
        f"{in_queue:,} of {ROWS:,} rows in the queue; {wrong} of {pairs:,} pairs joined wrongly; "
        f"{len(one):,} of {IN_BOTH:,} one person, {len(cards):,} with a card"
    )
    assert in_queue <= QUEUED * ROWS
    assert wrong <= (1 - PRECISION) * pairs
    assert len(one) >= RECALL * IN_BOTH
    assert set(cards.values()) == {1}
    assert len(cards) >= RECALL * len(one)
