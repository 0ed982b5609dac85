"""Whether two records speak of one person: what is joined, what is asked, and what the machine may never join."""

from datetime import date

import pytest

from healthcloud.index.matching import (
    DEFAULT_MODEL,
    SAME_NUMBER,
    Content,
    Decision,
    Outcome,
    Written,
    decide,
    features_of,
    read_content,
)
from healthcloud.people import check_character

TODAY = date(2026, 1, 1)
PHONE, HOME = "16013572468", "枣庄市市中区解放路3号2单元501室"


def number(first17: str) -> str:
    return first17 + check_character(first17)


BORN = "19850312"
HIS = number(f"370402{BORN}001")
WRONG = HIS[:16] + str((int(HIS[16]) + 1) % 10) + HIS[17]  # one digit typed wrong: the check character shows it


def written(**fields: str) -> Content:
    standard = {"name": "张小伟", "sex": "1", "birth_date": BORN}
    return read_content(Written(**{**standard, **fields}), TODAY)


def decided(one: Content, other: Content) -> Decision:
    found = decide(features_of(one), features_of(other), DEFAULT_MODEL)
    assert decide(features_of(other), features_of(one), DEFAULT_MODEL) == found
    return found


@pytest.mark.parametrize(
    "other",
    [
        written(number=HIS),
        written(number=HIS, name="張小偉"),
        written(number=HIS, name="张晓伟"),
        written(number=HIS, name="张□伟"),
        written(number=HIS, birth_date="19850101"),
        written(number=HIS, birth_date="19850121"),  # the lunar date of that day
        written(number=HIS, sex="0", birth_date=""),
    ],
    ids=["same", "traditional", "homophone", "lost-character", "1-january", "lunar", "little-told"],
)
def test_one_valid_number_and_names_that_agree_are_one_person(other: Content) -> None:
    found = decided(written(number=HIS, phone=PHONE), other)

    assert (found.outcome, found.rule) == (Outcome.LINK, SAME_NUMBER)


def test_fifteen_digits_are_the_same_number() -> None:
    assert decided(written(number=HIS[:6] + HIS[8:17]), written(number=HIS)).rule == SAME_NUMBER


@pytest.mark.parametrize(
    ("other", "outcome", "rule"),
    [
        (written(number=HIS, name="张小虎"), Outcome.REVIEW, "same-number-doubt"),  # a twin's number, or a slip
        (written(number=HIS, sex="2"), Outcome.REVIEW, "same-number-doubt"),
        (written(number=HIS, name="李芳", birth_date="20150601"), Outcome.NONE, "borrowed-number"),  # a child's record
    ],
)
def test_a_number_may_be_borrowed(other: Content, outcome: Outcome, rule: str) -> None:
    found = decided(written(number=HIS), other)

    assert (found.outcome, found.rule) == (outcome, rule)


@pytest.mark.parametrize(
    "support",
    [{"number": WRONG}, {"phone": PHONE}, {"address": HOME}, {"address": "市中区解放路三号2-501"}],
    ids=["number-mistyped", "phone", "address", "address-written-otherwise"],
)
def test_name_and_birth_date_with_something_besides_are_one_person(support: dict[str, str]) -> None:
    found = decided(written(number=HIS, phone=PHONE, address=HOME), written(**support))

    assert found.outcome is Outcome.LINK


def test_name_and_birth_date_alone_are_asked_about() -> None:
    found = decided(written(number=HIS), written(number="", phone=PHONE))

    assert (found.outcome, found.rule) == (Outcome.REVIEW, "no-support")


@pytest.mark.parametrize("numbers", [(HIS, number(f"370402{BORN}003")), (HIS, ""), ("", ""), (HIS, WRONG)])
@pytest.mark.parametrize("names", [("张小龙", "张小虎"), ("张子天", "张梓天"), ("张龙", "张虎"), ("张□天", "张梓天")])
def test_twins_are_never_joined(numbers: tuple[str, str], names: tuple[str, str]) -> None:
    one, other = (
        written(name=name, number=number, phone=PHONE, address=HOME)
        for name, number in zip(names, numbers, strict=True)
    )

    assert decided(one, other).outcome is not Outcome.LINK


def test_namesakes_of_one_birthday_are_never_joined() -> None:
    other = written(number=number(f"370404{BORN}015"), phone="16087654321", address="滕州市荆河路9号")

    assert decided(written(number=HIS, phone=PHONE, address=HOME), other).outcome is Outcome.NONE
    assert decided(written(), written()).outcome is not Outcome.LINK


@pytest.mark.parametrize("other", [number(f"370402{BORN}003"), number(f"370402{BORN}007"), number("37040219850313001")])
def test_two_valid_numbers_one_digit_apart_are_never_joined(other: str) -> None:
    same = {"phone": PHONE, "address": HOME, "birth_date": ""}

    assert decided(written(number=HIS, **same), written(number=other, **same)).outcome is not Outcome.LINK


def test_a_parents_phone_on_three_children_joins_none_of_them() -> None:
    told = [("张一诺", "20140301"), ("张一帆", "20160719"), ("张一凡", "20191102")]
    children = [written(name=name, birth_date=born, phone=PHONE, address=HOME) for name, born in told]
    mother = written(name="王芳", sex="2", birth_date="19860517", phone=PHONE, address=HOME)
    family = [*children, mother]

    outcomes = {decided(one, other).outcome for place, one in enumerate(family) for other in family[:place]}

    assert Outcome.LINK not in outcomes


def test_father_and_son_of_one_name_are_not_joined() -> None:
    son = written(birth_date="20100312", phone=PHONE, address=HOME)

    assert decided(written(phone=PHONE, address=HOME), son).outcome is not Outcome.LINK


def test_different_sexes_are_not_joined() -> None:
    assert decided(written(phone=PHONE), written(phone=PHONE, sex="2")).rule == "other-sex"


def test_a_rare_name_says_more_than_a_common_one() -> None:
    rare = decided(written(name="逄雳赟"), written(name="逄雳赟"))
    common = decided(written(name="王伟"), written(name="王伟"))

    assert rare.parts[0].weight > common.parts[0].weight + 8


def test_a_newborn_named_after_its_mother_is_not_taken_for_her() -> None:
    child = written(name="王芳之子", birth_date="20250601", phone=PHONE, address=HOME)
    mother = written(name="王芳", sex="2", birth_date="19860517", phone=PHONE, address=HOME)

    assert decided(child, mother).outcome is not Outcome.LINK


def test_the_parts_sum_to_the_weight() -> None:
    found = decided(written(number=HIS, phone=PHONE, address=HOME), written(phone=PHONE))

    assert found.weight == pytest.approx(sum(part.weight for part in found.parts), abs=0.01)
    assert [part.field for part in found.parts] == ["name", "birth", "number", "sex", "phone", "address"]
