"""The benches at their smallest: each runs, counts what it should, and its report is written."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from bench import (
    audit_append,
    batch_verify,
    card_page,
    full_queue,
    hello,
    load,
    memory,
    own_screens,
    pgbench,
    register,
    restart,
    verify,
)
from bench.city import BenchCity, make_city
from bench.machine import this_machine
from bench.report import BEGIN, END, Report, document, read_json, table, write_json
from bench.row import Row

pytestmark = [
    pytest.mark.city,
    pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed: scripts/debian-packages bench"),
]
AT_ONCE = 4


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few codes, so that no bench waits for the next minute's."""
    monkeypatch.setattr(pgbench, "SECONDS", 1)
    monkeypatch.setattr(verify, "MOST_PER_SECOND", 400)
    monkeypatch.setattr(verify, "WARM_UP_SECONDS", 1)
    for bench in (verify, batch_verify, register):
        monkeypatch.setattr(bench, "CONNECTIONS", AT_ONCE)
    monkeypatch.setattr(card_page, "CONNECTIONS", AT_ONCE)
    monkeypatch.setattr(card_page, "RESIDENTS", 20)
    monkeypatch.setattr(card_page, "WARM_UP_SECONDS", 1)
    monkeypatch.setattr(own_screens, "RESIDENTS", 5)
    monkeypatch.setattr(own_screens, "LINES", 2_000)
    monkeypatch.setattr(own_screens, "SETTLING_SECONDS", 0)
    monkeypatch.setattr(batch_verify, "SIZE", 50)
    monkeypatch.setattr(batch_verify, "MOST_PER_SECOND", 1_000)
    monkeypatch.setattr(register, "MOST_PER_SECOND", 200)
    monkeypatch.setattr(full_queue, "MOST_PER_SECOND", 1_200)
    monkeypatch.setattr(full_queue, "WARM_UP", 200)
    monkeypatch.setattr(full_queue, "ASIDE", 400)
    monkeypatch.setattr(full_queue, "CONNECTIONS", 256)
    monkeypatch.setattr(full_queue, "SETTINGS", {"hot_queue": 8, "hot_batch": 4})


def counted(row: Row, *what: str) -> list[int]:
    """Return how many of each the row says there were; what wrk left unheard at its end is done all the same."""
    found = [re.search(rf"([\d,]+) {name}", row.checked) for name in what]
    return [int(one[1].replace(",", "")) for one in found if one]


def test_scans_are_counted_one_by_one(city: BenchCity) -> None:
    [row] = verify.measure(city, 1, runs=1)
    rows, answers = counted(row, "use rows", "answers")
    assert 0 <= rows - answers <= AT_ONCE
    assert rows > 300
    assert "0 refused" in row.checked
    assert row.p99 is not None
    assert "pgbench" in row.beside


def test_codes_of_batches_are_counted(city: BenchCity) -> None:
    [row] = batch_verify.measure(city, 1, runs=1)
    rows, answers = counted(row, "use rows", "codes")
    assert 0 <= rows - answers <= AT_ONCE * 50
    assert rows > 800


def test_new_persons_are_counted(city: BenchCity) -> None:
    [row] = register.measure(city, 1, runs=1)
    persons, answers = counted(row, "new persons", "answers")
    assert 0 <= persons - answers <= AT_ONCE
    assert persons > 150


def test_cards_shown_are_counted(city: BenchCity) -> None:
    [row] = card_page.measure(city, 1, runs=1)
    told, answers = counted(row, "cards told of", "answers")
    assert abs(card_page.ASKED_EACH * told - answers) <= 2 * AT_ONCE
    assert answers > 10
    assert "0 refused" in row.checked


def test_own_screens_are_answered(city: BenchCity) -> None:
    rows = own_screens.measure(city, 1, runs=1)
    assert len(rows) == len(own_screens.SCREENS)
    assert all(" 0 refused" in row.checked and row.p95 is not None for row in rows)


def test_the_load_and_the_disk_are_told(city: BenchCity) -> None:
    loaded, disk = load.measure(city)
    assert loaded.found.startswith(f"{city.persons:,} in ")
    assert "people.persons" in disk.checked


def test_a_city_is_kept_and_gives_no_number_twice(city: BenchCity) -> None:
    again = make_city(city.settings.var, city.persons, keep=True)
    assert (again.clients, again.loading) == (city.clients, city.loading)
    assert set(city.take("tests", 5)).isdisjoint(again.take("tests", 5))
    with pytest.raises(ValueError, match="holds 8,000"):
        make_city(city.settings.var, city.persons + 1, keep=True)


def test_every_deed_is_sealed(city: BenchCity) -> None:
    gathered, single = audit_append.measure(city, 1)
    assert gathered.kept
    assert "sealer at most" in single.checked


def test_a_full_queue_refuses_and_is_well_again(city: BenchCity) -> None:
    [row] = full_queue.measure(city, 1)
    assert "503 after" in row.found
    assert "each with Retry-After" in row.checked


def test_the_report_tells_what_was_measured(city: BenchCity, tmp_path: Path) -> None:
    rows = (*hello.measure(city, 1), *memory.measure(city, 1), *restart.measure(city, 1, runs=1))
    machine = this_machine(tmp_path)
    report = Report(machine, date(2026, 11, 23), "abc1234", rows)
    write_json(report, tmp_path / "report.json")
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    document(report, page)
    text = page.read_text()
    assert text.startswith("Before.\n\n")
    assert text.endswith("\n\nAfter.\n")
    assert table(report) in text
    assert f"| {rows[0].found} |" in table(report, read_json(tmp_path / "report.json")).splitlines()[2][-80:]
    assert machine.sentence() in text
    assert "old" not in text


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keys.json").touch()
    with pytest.raises(FileExistsError):
        make_city(tmp_path, 1)
