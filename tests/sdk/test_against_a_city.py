"""The client and a served city: a hospital's day, by the calls of this package only."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from conformance.city import Whole, whole_city

from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud_sdk import AsyncCity, Key, cards, encounters, imports, people, problem_of, problems, records, station

SCOPES = (
    *("cards.verify", "cards.identity", "cards.issue"),
    *("people.register", "people.open", "index.submit", "index.import", "exchange.deliver"),
)
WINDOW = "挂号窗口1"


@pytest.fixture(scope="module")
async def city(database: Database) -> AsyncIterator[Whole]:
    async with whole_city(database) as city:
        yield city


@pytest.fixture(scope="module")
async def his(city: Whole) -> AsyncIterator[AsyncCity]:
    """A hospital's program with every scope a program may hold."""
    hospital = await city.town.hospital(*SCOPES)
    key = Key(str(hospital.key_id), "HMAC-SM3", hospital.secret)
    async with AsyncCity(city.url, key, http=httpx.AsyncClient(trust_env=False, timeout=30)) as his:
        yield his


async def registered(his: AsyncCity, number: str, local: str) -> UUID:
    wish = people.Registration(
        "张三", documents=(people.Document("01", number),), document_seen=True, local_number=local
    )
    return (await his.ask(people.register(wish))).person_id


async def test_who_am_i_tells_scopes_and_the_time(his: AsyncCity, city: Whole) -> None:
    told = await his.ask(station.who_am_i())
    assert set(SCOPES) < set(told.scopes)
    assert abs((told.at - city.town.now).total_seconds()) < 60


async def test_register_open_a_card_scan_and_find(his: AsyncCity, city: Whole) -> None:
    person = await registered(his, "370402190001010015", "P1")
    applied = await his.ask(cards.open_card(cards.ApplyWish(person)))
    again = await his.ask(cards.open_card(cards.ApplyWish(person)))
    assert (applied.outcome, again.outcome, again.card.card_id) == ("issued", "existing", applied.card.card_id)
    holder = await city.town.holder(person)
    code = city.town.code(holder.card)
    seen = await his.ask(cards.verify(code, terminal=WINDOW))
    assert (seen.person.name, seen.local_number, seen.use.repeat) == ("张三", "P1", False)
    assert (await his.ask(cards.verify(code, terminal=WINDOW))).use.repeat
    many = await his.ask(cards.verify_batch([code, "no code at all"], terminal=WINDOW))
    assert isinstance(many.results[0], cards.Verified)
    assert isinstance(many.results[1], cards.NotTaken)
    assert problem_of(many.results[1].problem).code == "code-unreadable"
    found = await his.ask(people.find(people.Document("01", "370402190001010015")))
    assert (found.person_id, found.name) == (person, "张*")
    assert (await his.ask(people.open_person(person, "核对身份"))).birth_date.year == 1900


async def test_patient_numbers_come_and_go(his: AsyncCity) -> None:
    person = await registered(his, "37040219000101004X", "P2")
    await his.ask(people.link_number(person, "P2B"))
    assert (await his.ask(people.owner_of_number("P2B"))).person_id == person
    await his.ask(people.unlink_number(person, "P2B"))
    with pytest.raises(problems.NotFound) as caught:
        await his.ask(people.owner_of_number("P2B"))
    assert caught.value.zh
    lines = await his.ask(people.numbers_of(person))
    assert lines[0].number == "P2B"


async def test_records_are_placed_and_asked_after(his: AsyncCity) -> None:
    record = records.Record("R1", "李四", document_number="370402190001010066", sex="男")
    [placed] = (await his.ask(records.submit([record]))).results
    assert placed.outcome in {"new", "linked"}
    standing = await his.ask(records.standing("R1"))
    assert (standing.person_id, standing.version) == (placed.person_id, 1)


async def test_late_uses_are_answered_one_by_one(his: AsyncCity, city: Whole) -> None:
    holder = await city.town.holder()
    late = cards.LateUse(new_id(), city.town.now, city.town.code(holder.card), "valid", terminal=WINDOW)
    bad = cards.LateUse(new_id(), city.town.now, "no code", "valid", terminal=WINDOW)
    one, other = (await his.ask(cards.tell_late_uses([late, bad]))).results
    assert (one.outcome, other.outcome) == ("kept", "refused")
    assert other.problem is not None
    assert problem_of(other.problem).zh


async def test_uses_are_reported_once_each(his: AsyncCity, city: Whole) -> None:
    holder = await city.town.holder()
    at = city.town.now.replace(microsecond=0)
    one = cards.UseReport("report-1", city.town.code(holder.card), "010101", at, terminal=WINDOW)
    old = cards.UseReport("report-2", city.town.code(holder.card), "010101", at - timedelta(days=99))
    first, second = (await his.ask(cards.report_uses([one, old]))).results
    assert (first.outcome, first.is_verified, first.late_days) == ("unverified", False, 0)
    assert second.problem is not None
    assert problem_of(second.problem).code == "report-time-wrong"
    [again] = (await his.ask(cards.report_uses([one]))).results
    assert again.outcome == "repeat"


async def test_visits_are_told_and_found(his: AsyncCity, city: Whole) -> None:
    person = await registered(his, "370402190001010082", "P5")
    began = city.town.now.replace(microsecond=0)
    visit = encounters.Encounter(
        "V1", kind="O", status="arrived", patient_number="P5", started_at=began, department="内科"
    )
    odd = encounters.Encounter("V2", started_at=began, ended_at=began - timedelta(days=1))
    told, refused = (await his.ask(encounters.tell([visit, odd]))).results
    assert (told.outcome, told.version) == ("new", 1)
    assert refused.problem is not None
    assert problem_of(refused.problem).zh
    [same] = (await his.ask(encounters.tell([visit]))).results
    assert same.outcome == "unchanged"
    found = await his.ask(encounters.find("V1"))
    assert (found.person_id, found.department, found.started_at) == (person, "内科", began)


async def test_a_file_is_announced_and_sent_in_pieces(his: AsyncCity, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("患者号,姓名,证件号码\nP9,王五,370402190001010023\n", encoding="utf-8")
    file = imports.file_of(path)
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    begun = await his.ask(imports.announce(file))
    for number, piece in imports.pieces_of(path):
        await his.ask(imports.send_piece(begun.id, number, piece))
    assert await his.ask(imports.arrived(begun.id)) == (0,)
    completed = await his.ask(imports.complete(begun.id))
    assert completed.id == begun.id
    assert (await his.ask(imports.show(begun.id))).name == "patients.csv"


async def test_a_wrong_key_is_told_in_both_languages(city: Whole) -> None:
    key = Key(str(city.here.key_id), "HMAC-SM3", bytes(32))
    async with AsyncCity(city.url, key, http=httpx.AsyncClient(trust_env=False)) as stranger:
        with pytest.raises(problems.NotSigned) as caught:
            await stranger.ask(station.who_am_i())
    problem = caught.value
    assert (problem.code, problem.who_acts) == ("signature-wrong", "developer")
    assert problem.zh != problem.en
    assert "method" in problem.facts
