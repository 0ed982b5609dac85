"""From what was written to a checked registration: every fault at once, in both languages, never the value itself."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people.makers import TODAY, checked, form, next_number

from healthcloud import people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people.contacts.model import normalise_phone
from healthcloud.people.model import Broken, PersonKind
from healthcloud.people.patient_numbers.model import normalise_local_number
from healthcloud.people.seen.model import mask_phone, pack, unpack

PASSPORT = people.DocumentForm("03", "P1234567", "USA")


def faults(**changes: object) -> dict[str, str]:
    with pytest.raises(Unacceptable) as refused:
        checked(**changes)
    assert all(fault.zh for fault in refused.value.faults)
    return {fault.pointer: fault.en for fault in refused.value.faults}


def test_the_number_says_sex_and_birth_date() -> None:
    registration = checked(documents=(people.DocumentForm("1", "370402190001010015"),))
    assert (registration.sex, registration.birth_date) == ("1", date(1900, 1, 1))
    assert registration.kind is PersonKind.ORDINARY


def test_every_fault_is_told_at_once() -> None:
    told = faults(
        name="张\ue000",
        sex="7",
        phone="123",
        ethnicity="77",
        nationality="XX",
        local_number="a b",
        documents=(people.DocumentForm("01", "370402190001010014"), people.DocumentForm("42", "1")),
    )
    assert set(told) == {
        "#/name",
        "#/sex",
        "#/phone",
        "#/ethnicity",
        "#/nationality",
        "#/local_number",
        "#/documents/0/number",
        "#/documents/1/kind",
    }
    assert not any("370402190001010014" in en for en in told.values())


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"documents": ()}, "#/documents"),
        ({"documents": (PASSPORT,)}, "#/birth_date"),
        ({"documents": (PASSPORT,), "birth_date": date(2027, 1, 1)}, "#/birth_date"),
        ({"documents": (PASSPORT,), "birth_date": date(1849, 1, 1)}, "#/birth_date"),
        ({"birth_date": date(1999, 9, 9)}, "#/birth_date"),
        ({"documents": (people.DocumentForm("01", next_number(male=True)),), "sex": "2"}, "#/sex"),
        ({"documents": (PASSPORT,) * 9, "birth_date": date(1990, 1, 1)}, "#/documents"),
        ({"name": None}, "#/name"),
    ],
)
def test_what_does_not_fit_together_is_told_at_its_place(changes: dict[str, object], pointer: str) -> None:
    assert pointer in faults(**changes)


def test_a_birth_names_its_mother_and_takes_its_day_from_shanghai() -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    registration = checked(name=None, documents=(), birth=people.BirthForm(new_id(), late))
    assert registration.birth_date == date(2026, 11, 21)
    assert registration.kind is PersonKind.CHILD_WITHOUT_DOCUMENT
    assert registration.name is None


@pytest.mark.parametrize(
    ("birth", "pointer"),
    [
        (people.BirthForm(new_id(), datetime(2026, 11, 20, 8)), "#/birth/born_at"),  # noqa: DTZ001 - no zone is the fault
        (people.BirthForm(new_id(), datetime(2026, 12, 20, 8, tzinfo=SHANGHAI)), "#/birth/born_at"),
        (people.BirthForm(new_id(), datetime(2026, 11, 20, 8, tzinfo=SHANGHAI), order=2), "#/birth/order"),
        (people.BirthForm(new_id(), datetime(2026, 11, 20, 8, tzinfo=SHANGHAI), 9, of_several=True), "#/birth/order"),
    ],
)
def test_a_birth_that_cannot_be_is_refused(birth: people.BirthForm, pointer: str) -> None:
    assert pointer in faults(documents=(), birth=birth)


def test_a_document_given_twice_counts_once() -> None:
    number = next_number()
    twice = (people.DocumentForm("01", number), people.DocumentForm("02", number))
    assert len(people.read_registration(form(documents=twice), TODAY).documents) == 1


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("0086 13800000000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0632-3310000", "06323310000"),
        ("+86 632 3310000", "06323310000"),
        ("+1 (202) 555-0100", "+12025550100"),
    ],
)
def test_a_phone_number_has_one_spelling(written: str, stored: str) -> None:
    assert normalise_phone(written) == stored


@pytest.mark.parametrize("written", ["12000000000", "1380000000", "+0123", "phone", "1380000000a", ""])
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    with pytest.raises(Broken):
        normalise_phone(written)


@pytest.mark.parametrize("written", ["", " ", "a b", "a\n", "a\x07", "1" * 65, "\u202e1"])
def test_a_patient_number_is_printable(written: str) -> None:
    if written.strip() == written or not written.strip():
        with pytest.raises(Broken):
            normalise_local_number(written)
    else:
        assert normalise_local_number(written) == written.strip()


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800000000", "138****0000"), ("06323310000", "063****0000"), ("+12025550100", "+1********00")],
)
def test_a_masked_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_a_masked_face_keeps_only_the_year_of_birth() -> None:
    masked = people.masked(checked(phone="13800000000", ethnicity="1", nationality="CHN").face())
    assert masked.birth_year == 1900
    assert masked.phone == "138****0000"
    assert not any(isinstance(value, date) for value in (masked.name, masked.document_number))


@given(
    st.builds(
        people.Face,
        name=st.text(min_size=1, max_size=100),
        sex=st.sampled_from("0129"),
        birth_date=st.dates(date(1850, 1, 1), date(2100, 1, 1)),
        document_number=st.text(max_size=32),
        phone=st.none() | st.text(max_size=20),
    )
)
def test_a_packed_face_comes_back(face: people.Face) -> None:
    assert unpack(pack(face)) == face
