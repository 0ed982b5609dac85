"""The benches of the person index at their smallest: each command does its work, and what it says fits the rows."""

import re

import pytest
from bench import index_import, index_link
from bench.city import BenchCity
from bench.index_files import known
from bench.row import Row

pytestmark = pytest.mark.city
ROWS = 1_500


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_import, "ROWS", ROWS)


def number_before(word: str, row: Row) -> int:
    found = re.search(rf"([\d,]+) {word}", row.checked)
    assert found is not None, row.checked
    return int(found[1].replace(",", ""))


def test_everybody_is_indexed_a_file_is_imported_and_the_batch_reads_it_all(city: BenchCity) -> None:
    indexed, imported = index_import.measure(city, 1)
    assert number_before("records for", indexed) >= city.persons
    assert imported.kept, imported
    assert number_before("linked", imported) > ROWS // 5
    assert f"of {ROWS:,} rows" in imported.name
    [linked] = index_link.measure(city, 1, runs=1)
    assert number_before("records read", linked) > city.persons + ROWS // 2
    assert number_before("pairs compared", linked) > ROWS // 5
    assert linked.found.startswith(f"{number_before('records read', linked):,} in ")


def test_the_known_are_residents_with_a_number() -> None:
    found = known(500)
    assert len(found) > 450
    assert all(len(one.number) == 18 and one.name for one in found)
