"""Dictionaries: what an institution writes is read in the city's codes and said back, and nothing is defaulted."""

from uuid import UUID

import pytest
from institutions.entering import MANAGER, staff_of

from healthcloud import institutions
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.institutions import dictionaries
from healthcloud.institutions.dictionaries import MappingWish
from healthcloud.institutions.dictionaries.reporting import report
from healthcloud.institutions.dictionaries.spelling import told


async def _ours(city: Database, institution_id: UUID | None, set_name: str, value: str) -> tuple[str | None, bool]:
    async with city.read() as read:
        found = await dictionaries.ours(read, institution_id, set_name, value)
    return found.code, found.is_known


async def _theirs(city: Database, institution_id: UUID, set_name: str, code: str) -> tuple[str | None, bool]:
    async with city.read() as read:
        found = await dictionaries.theirs(read, institution_id, set_name, code)
    return found.code, found.is_known


async def _put(city: Database, institution_id: UUID, set_name: str, *wishes: MappingWish) -> int:
    return await city.transact(lambda tx: dictionaries.put_mappings(tx, MANAGER, institution_id, set_name, wishes))


@pytest.mark.parametrize(
    ("set_name", "value", "code"),
    [
        ("sex", "男", "1"),
        ("sex", "女性", "2"),
        ("sex", " Ｆ ", "2"),
        ("sex", "1", "1"),
        ("ethnic-group", "汉族", "01"),
        ("ethnic-group", "维吾尔", "05"),
        ("ethnic-group", "1", "01"),
        ("ethnic-group", "HU", "03"),
        ("identity-document-kind", "身份证", "01"),
        ("identity-document-kind", "3", "03"),
        ("country", "156", "CHN"),
        ("country", "chn", "CHN"),
        ("country", "中国", "CHN"),
        ("country", "4", "AFG"),
        ("marital-status", "离异", "40"),
        ("med-step", "10101", "010101"),
        ("med-step", "发药", "010103"),
        ("med-step", "101012", "0101012"),
        ("visit-type", "o", "O"),
        ("cost-type", "200", "0200"),
        ("card-channel", "自助机", "0200"),
    ],
)
async def test_a_face_works_with_no_mapping_given(city: Database, set_name: str, value: str, code: str) -> None:
    assert await _ours(city, None, set_name, value) == (code, True)


@pytest.mark.parametrize(
    ("set_name", "other", "unsaid"),
    [
        ("sex", "9", "9"),
        ("marital-status", "90", "90"),
        ("ethnic-group", "97", None),
        ("identity-document-kind", "99", None),
        ("country", None, None),
        ("med-step", "000000", None),
        ("standard-department", None, None),
    ],
)
async def test_what_nobody_mapped_is_other_and_never_the_commonest(
    city: Database, hospital: UUID, set_name: str, other: str | None, unsaid: str | None
) -> None:
    assert await _ours(city, hospital, set_name, "Q7") == (other, False)
    assert await _ours(city, hospital, set_name, " ") == (unsaid, False)
    await report(city)
    async with city.read() as read:
        seen = await dictionaries.unmapped_of(read, MANAGER, hospital)
    assert [(one.set_name, one.direction, one.value, one.count) for one in seen] == [(set_name, "ours", "Q7", 1)]


async def test_an_institutions_own_codes_are_read_and_said_back(city: Database, hospital: UUID) -> None:
    said = [MappingWish("0", "1", "男"), MappingWish("1", "2", "女"), MappingWish("M", "1")]
    assert await _put(city, hospital, "sex", *said) == 3
    assert await _put(city, hospital, "sex", *said) == 0
    assert [await _ours(city, hospital, "sex", value) for value in ("0", "1", "M", "男")] == [
        ("1", True), ("2", True), ("1", True), ("1", True),
    ]  # fmt: skip
    # It numbers otherwise than the standard, so a code it did not map is unmapped, not the standard's.
    assert await _ours(city, hospital, "sex", "2") == ("9", False)
    assert await _theirs(city, hospital, "sex", "1") == ("0", True)
    assert await _theirs(city, hospital, "sex", "9") == ("9", False)
    await _put(city, hospital, "sex", MappingWish("9", "9"), MappingWish("M", "1", is_answer=True))
    assert await _theirs(city, hospital, "sex", "0") == ("9", False)
    assert await _theirs(city, hospital, "sex", "1") == ("M", True)


async def test_further_spellings_alone_leave_the_answers_as_they_are(city: Database, hospital: UUID) -> None:
    await _put(city, hospital, "ethnic-group", MappingWish("回民", "03", is_answer=False))
    assert await _ours(city, hospital, "ethnic-group", "回民") == ("03", True)
    assert await _ours(city, hospital, "ethnic-group", "04") == ("04", True)
    assert await _theirs(city, hospital, "ethnic-group", "01") == ("01", True)


async def test_a_department_says_itself_which_of_the_citys_it_is(city: Database, hospital: UUID) -> None:
    wish = institutions.departments.DepartmentWish("K01", "心内一科", "0304")
    await city.transact(lambda tx: institutions.departments.add_departments(tx, MANAGER, {hospital: [wish]}))
    assert await _ours(city, hospital, "standard-department", "k01") == ("0304", True)
    assert await _ours(city, hospital, "standard-department", "心内一科") == ("0304", True)
    assert await _theirs(city, hospital, "standard-department", "0304") == ("K01", True)


async def test_coverage_is_shown_in_both_directions(city: Database, hospital: UUID) -> None:
    await _put(city, hospital, "visit-type", MappingWish("10", "O"), MappingWish("20", "I"))
    await _ours(city, hospital, "visit-type", "30")
    await _ours(city, hospital, "visit-type", "30")
    await report(city)
    async with city.read() as read:
        covered = {one.set_name: one for one in await dictionaries.coverage_of(read, MANAGER, hospital)}
    one = covered["visit-type"]
    assert (one.given, one.unmapped, one.times, one.codes, one.answered) == (2, 1, 2, 5, 2)
    assert (one.missing, one.speaks_own) == (("E", "H", "T"), True)
    assert (covered["sex"].answered, covered["sex"].speaks_own) == (4, False)
    assert covered["med-step"].one_way
    await _put(city, hospital, "visit-type", MappingWish("30", "E"))
    async with city.read() as read:
        assert await dictionaries.unmapped_of(read, MANAGER, hospital) == []


@pytest.mark.parametrize(
    ("set_name", "value", "shown"),
    [
        ("sex", "王小明", "汉字×3"),
        ("sex", "zhangwei", "×8"),
        ("ethnic-group", "370402190001010015", "×18"),
        ("ethnic-group", "穿青人", "汉字×3"),
        ("ethnic-group", "大汉族", "大汉族"),
        ("sex", "13900000000", "×11"),
        ("med-step", "0101099", "0101099"),
        ("sex", "12345", "×5"),
        ("med-step", "999999", "999999"),
        ("cost-type", "商业保险", "商业保险"),
        ("standard-department", "疼痛科", "疼痛科"),
        ("standard-department", "王小明", "汉字×3"),
        ("marital-status", "5", "5"),
    ],
)
def test_a_persons_value_is_never_reported(set_name: str, value: str, shown: str) -> None:
    assert told(set_name, value) == shown


async def test_a_file_is_taken_line_by_line(city: Database, hospital: UUID) -> None:
    sheet = "本院编码,标准编码,名称,回传\n1,10,未婚,是\n2,20,已婚,\n3,77,其他,\n2,30,又一次,\n,,,\n".encode("gb18030")
    done = await city.transact(lambda tx: dictionaries.import_mappings(tx, MANAGER, hospital, "marital-status", sheet))
    assert (done.changed, done.unchanged, [one.line for one in done.rejected]) == (2, 0, [4, 5])
    assert await _ours(city, hospital, "marital-status", "2") == ("20", True)
    with pytest.raises(institutions.dictionaries.MappingWrong):
        await _put(city, hospital, "marital-status", MappingWish("3", "77"))


async def test_only_the_institution_and_the_city_see_and_change_it(city: Database, hospital: UUID) -> None:
    stranger, own = staff_of(new_id()), staff_of(hospital)
    with pytest.raises(Forbidden):
        await city.transact(
            lambda tx: dictionaries.put_mappings(tx, stranger, hospital, "sex", [MappingWish("a", "1")])
        )
    assert await city.transact(lambda tx: dictionaries.put_mappings(tx, own, hospital, "sex", [MappingWish("a", "1")]))
    await city.transact(lambda tx: dictionaries.remove_mapping(tx, own, hospital, "sex", "Ａ"))
    with pytest.raises(dictionaries.MappingUnknown):
        await city.transact(lambda tx: dictionaries.remove_mapping(tx, own, hospital, "sex", "a"))


async def test_a_scan_asks_the_database_nothing(city: Database, hospital: UUID) -> None:
    assert dictionaries.dictionary_at_hand(city, hospital) is None
    await _ours(city, hospital, "sex", "男")
    at_hand = dictionaries.dictionary_at_hand(city, hospital)
    assert at_hand is not None
    assert at_hand.ours("sex", "女").code == "2"
