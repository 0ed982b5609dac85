"""The registry simulator: the same people every time, signed both ways, misbehaving when told to."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fixtures.http import Serve
from stdnum.cn import ric

from healthcloud_simulators import registry
from healthcloud_simulators.options import Options
from healthcloud_simulators.population import DIVISIONS, resident, residents

KEY = "a key of this test"
ADDED = {"number": "37040219850505001X", "name": "演示者"}


@pytest.fixture
async def simulator(serve: Serve) -> httpx.AsyncClient:
    return await serve(registry.create_app(Options(KEY)))


def some(count: int) -> Iterator[str]:
    return (one.number for one in residents(7, count))


def test_the_same_seed_makes_the_same_people_and_another_other_names() -> None:
    assert list(residents(7, 50)) == list(residents(7, 50))
    assert [one.name for one in residents(7, 50)] != [one.name for one in residents(8, 50)]
    assert list(residents(7, 5, 10)) == list(residents(7, 15))[10:]


def test_nobody_is_made_twice_and_every_number_is_well_made() -> None:
    numbers = list(some(40_000))
    assert len(set(numbers)) == 40_000
    for number in numbers[::397]:
        assert ric.calc_check_digit(number) == number[17]
        assert number[:6] in DIVISIONS
        assert 1900 <= int(number[6:10]) <= 1949


def test_whoever_is_counted_out_is_found_by_number_and_nobody_else_is() -> None:
    found = next(residents(7, 1))
    assert resident(7, found.number) == found
    assert resident(7, found.number[:17] + ("0" if found.number[17] != "0" else "1")) is None
    assert resident(7, "110101" + found.number[6:]) is None
    assert resident(7, "") is None


async def test_an_unsigned_question_is_refused(simulator: httpx.AsyncClient) -> None:
    answer = await simulator.post("/v1/check", json={"name": "a", "kind": "01", "number": "1"})
    assert answer.status_code == 401
    assert answer.headers["x-simulator"] == "registry"


async def test_its_people_are_listed_and_shown(simulator: httpx.AsyncClient) -> None:
    listed = (await simulator.get("/residents.json", params={"count": 3})).json()
    assert [set(one) for one in listed] == [{"number", "name", "sex", "birth_date"}] * 3
    await simulator.post("/records", json=ADDED | {"name": "<b>演示者"})
    page = (await simulator.get("/")).text
    assert listed[0]["name"] in page
    assert "<b>演示者" not in page


async def test_records_are_kept_in_a_file(serve: Serve, tmp_path: Path) -> None:
    first = await serve(registry.create_app(Options(KEY, tmp_path / "records.jsonl")))
    assert (await first.post("/records", json=ADDED)).status_code == 201
    again = await serve(registry.create_app(Options(KEY, tmp_path / "records.jsonl")))
    assert "演示者" in (await again.get("/")).text
