"""Identity-card records: many readers' lines are read alike, and what is no card is refused without a fault of ours."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people.makers import TODAY, a_person, deeds_of, desk, number_of, resident

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Unacceptable
from healthcloud.people.id_records import IdRecord, read_card
from healthcloud.people.id_records.ethnic_groups import CODES, code_of_group

BORN = date(1900, 3, 7)
NUMBER = number_of(BORN, 12)
ADDRESS = "山东省枣庄市薛城区光明路街道一号楼2单元301室"
LINES = [
    f"张晓兰|女|汉|19000307|{ADDRESS}|{NUMBER}|枣庄市公安局薛城分局|20150102|20350102",
    f"张晓兰\t女\t汉族\t1900-03-07\t{ADDRESS}\t{NUMBER}\t枣庄市公安局薛城分局\t2015-01-02\t2035-01-02\r\n",
    f"{NUMBER},张晓兰,2,01,1900/3/7,{ADDRESS},枣庄市公安局薛城分局,2015.01.02-2035.01.02",
    (
        f"姓名：张晓兰；性别：女；民族：汉；出生：1900年3月7日；住址：{ADDRESS}；公民身份号码：{NUMBER}；"
        "签发机关：枣庄市公安局薛城分局；有效期限：2015.01.02-2035.01.02"
    ),
    (
        f"name=张晓兰|sex=女|nation=汉|birth=19000307|address={ADDRESS}|idnum={NUMBER}|police=枣庄市公安局薛城分局"
        "|validStart=20150102|validEnd=20350102"
    ),
    f"张晓兰^女^汉^１９０００３０７^{ADDRESS}^{NUMBER.lower()}^枣庄市公安局薛城分局^20150102^20350102",
]


@pytest.mark.parametrize("line", LINES)
def test_every_reader_s_line_says_the_same(line: str) -> None:
    card = read_card(line, TODAY)
    assert (card.name, card.number, card.birth_date, card.ethnicity) == ("张晓兰", NUMBER, BORN, "01")
    assert card.sex == "2"
    assert (card.address, card.authority) == (ADDRESS, "枣庄市公安局薛城分局")
    assert (card.valid_from, card.valid_to) == (date(2015, 1, 2), date(2035, 1, 2))
    assert not card.has_expired(date(2035, 1, 2))
    assert card.has_expired(date(2035, 1, 3))


def test_an_unlimited_card_never_expires() -> None:
    card = read_card(f"王德福|男|汉|{NUMBER}|枣庄市公安局|20100506|长期", TODAY)
    assert (card.valid_from, card.valid_to, card.is_unlimited) == (date(2010, 5, 6), None, True)
    assert not card.has_expired(date(2999, 1, 1))


def test_a_name_that_is_an_ethnic_group_stays_a_name() -> None:
    assert read_card(f"高山|男|白|{NUMBER}", TODAY).name == "高山"
    assert read_card(f"高山|男|白|{NUMBER}", TODAY).ethnicity == code_of_group("白") == "14"
    assert read_card(f"高山|{NUMBER}", TODAY).name == "高山"
    assert read_card(f"阿卜杜拉·买买提|男|维吾尔|{NUMBER}", TODAY).name == "阿卜杜拉·买买提"
    assert read_card(f"阿卜杜拉·买买提|男|维吾尔|{NUMBER}", TODAY).ethnicity == "05"


def test_the_groups_are_those_of_the_code_set() -> None:
    assert len(CODES) == 56
    assert code_of_group("汉族") == code_of_group("汉") == code_of_group("01") == "01"
    assert code_of_group("基诺族") == "56"
    assert code_of_group("57") is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "张晓兰|女|汉",
        "张晓兰|" + NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"),
        f"{NUMBER}|{number_of(BORN, 14)}",
        "张" * 1001 + NUMBER,
        f"张晓兰\0{NUMBER}",
        f"张晓兰\x1b[2J|{NUMBER}",
        "'; DROP TABLE people.persons; --",
    ],
)
def test_what_is_no_card_is_refused(line: str) -> None:
    with pytest.raises(Unacceptable):
        read_card(line, TODAY)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_no_line_breaks_the_reader(before: str, after: str) -> None:
    for line in (before, f"{before}|{NUMBER}|{after}"):
        try:
            card = read_card(line, TODAY)
        except Unacceptable:
            continue
        assert card.number
        assert len(card.name or "") <= 50
        assert len(card.address or "") <= 100


def test_a_hostile_line_is_read_quickly() -> None:
    for line in ("1" * 1000, "省" * 1000, " " * 1000, "1900 " * 200, "姓名" * 400, f"{'·' * 900}|{NUMBER}"):
        try:
            read_card(line, TODAY)
        except Unacceptable:
            continue


async def keep(database: Database, clerk: Caller, person: UUID, record: IdRecord) -> None:
    await database.transact(lambda tx: people.id_records.keep_record(tx, clerk, person, record))


async def test_the_record_is_kept_sealed_and_its_reading_is_a_deed(fresh_database: Database) -> None:
    person, clerk = await a_person(fresh_database), desk()
    for address in ("旧地址区旧路", ADDRESS):
        record = IdRecord(address, "枣庄市公安局", date(2015, 1, 2), None)
        await keep(fresh_database, clerk, person, record)
    async with fresh_database.read() as read:
        kept = await people.id_records.record_of(read, person)
        sealed = await people.id_records.store.newest_record(read, [person])
    assert kept == IdRecord(ADDRESS, "枣庄市公安局", date(2015, 1, 2), None)
    assert sealed is not None
    assert "枣庄".encode() not in sealed.sealed
    assert ("people.id-record-read", "done") in await deeds_of(fresh_database, person)


async def test_its_person_deletes_it_and_nobody_else_s_resident_does(fresh_database: Database) -> None:
    person, stranger = await a_person(fresh_database), await a_person(fresh_database)
    record = IdRecord(ADDRESS, None, None, None)
    await fresh_database.transact(lambda tx: people.id_records.keep_record(tx, desk(), person, record))
    with pytest.raises(people.PersonNotFound):
        await fresh_database.transact(lambda tx: people.id_records.remove_record(tx, resident(stranger), person))
    await fresh_database.transact(lambda tx: people.id_records.remove_record(tx, resident(person), person))
    async with fresh_database.read() as read:
        assert await people.id_records.record_of(read, person) is None
    assert ("people.id-record-removed", "done") in await deeds_of(fresh_database, person)
