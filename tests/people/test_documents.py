"""Identity documents of all nine kinds: one spelling, one person's; masked by the table."""

import pytest
from people.makers import TODAY

from healthcloud import people
from healthcloud.core.errors import Unacceptable
from healthcloud.people.documents.model import Document, DocumentKind, disagreement, mask_number, read_document
from healthcloud.people.model import Broken, Sex

CARD = "370402190001010015"
WITH_X = "37040219000101004X"
PERMIT = "810000190001010018"


def read(kind: str, number: str, issuer: str | None = None) -> Document:
    return read_document(DocumentKind(kind), number, TODAY, issuer=issuer)


@pytest.mark.parametrize(
    ("kind", "written", "issuer", "stored"),
    [
        ("01", " 370402 19000101 0015 ", None, CARD),
        ("01", "３７０４０２１９０００１０１００１５", None, CARD),
        ("01", "370402000101001", None, CARD),
        ("01", WITH_X.lower(), None, WITH_X),
        ("01", "37040219000101004ｘ", None, WITH_X),
        ("02", CARD, None, CARD),
        ("03", "e12345678", "chn", "E12345678"),
        ("03", "C01X0006H", "D", "C01X0006H"),
        ("04", "军字第1234567号", None, "军1234567"),
        ("04", "军1234567", None, "军1234567"),
        ("05", CARD, None, CARD),
        ("05", "370400123456", None, "370400123456"),
        ("06", "H12345678", None, "H12345678"),
        ("06", "h1234567801", None, "H12345678"),
        ("07", "12345678", None, "12345678"),
        ("07", "0012345678（B）", None, "0012345678"),
        ("07", "0012345678B", None, "0012345678"),
        ("08", "t370000001", None, "T370000001"),
        ("99", PERMIT, None, PERMIT),
        ("99", "usa-123456", "USA", "USA123456"),
    ],
)
def test_each_kind_has_one_spelling(kind: str, written: str, issuer: str | None, stored: str) -> None:
    assert read(kind, written, issuer).number == stored


@pytest.mark.parametrize(
    ("kind", "written", "issuer", "told"),
    [
        ("01", "E12345678", None, "18 characters"),
        ("02", "12345", None, "18 characters"),
        ("03", "E12345678", None, "issuing country"),
        ("03", "E12345678", "ZZZ", "alpha-3"),
        ("03", "E1", "CHN", "5–20"),
        ("03", "E123'--", "CHN", "5–20"),
        ("04", "军字第号", None, "军字第"),
        ("05", "370402190001010014", None, "check character"),
        ("06", "X12345678", None, "H or M"),
        ("07", "123", None, "8 digits"),
        ("08", "370000001", None, "letter with 9 digits"),
        ("99", "!!", None, "3–32"),
        ("99", "810000190001010019", None, "check character"),
        ("99", "1" * 33, None, "at most 32"),
        ("99", " - ", None, "empty"),
    ],
)
def test_a_number_out_of_form_is_refused(kind: str, written: str, issuer: str | None, told: str) -> None:
    with pytest.raises(Broken, match=told) as broken:
        read(kind, written, issuer)
    assert broken.value.zh


def test_a_resident_number_is_one_persons_on_whatever_document_it_stands() -> None:
    keys = {read(kind, CARD).key for kind in ("01", "02", "05", "99")} | {read("01", "370402000101001").key}
    assert len(keys) == 1
    assert read("05", "370400123456").key not in keys


def test_one_passport_number_of_two_countries_is_two_persons() -> None:
    assert read("03", "E12345678", "CHN").key != read("03", "E12345678", "USA").key
    assert read("03", "E12345678", "DEU").key == read("03", "E12345678", "D").key


def test_the_same_digits_on_documents_of_two_kinds_are_two_persons() -> None:
    assert read("07", "12345678").key != read("99", "12345678").key


def test_the_validity_of_a_document_must_not_end_before_it_begins() -> None:
    with pytest.raises(Broken, match="ends before"):
        read_document(DocumentKind.IDENTITY_CARD, CARD, TODAY, valid_from=TODAY, valid_to=TODAY.replace(year=2020))


def test_sex_and_birth_date_must_agree_with_the_number() -> None:
    document = read("01", CARD)
    said = document.resident
    assert said
    assert disagreement(document, Sex.MALE, said.birth_date) is None
    assert disagreement(document, Sex.UNKNOWN, None) is None
    assert disagreement(document, Sex.UNSTATED, said.birth_date) is None
    field, broken = disagreement(document, Sex.FEMALE, said.birth_date) or ("", None)
    assert (field, bool(broken)) == ("sex", True)
    field, _ = disagreement(document, Sex.MALE, said.birth_date.replace(day=2)) or ("", None)
    assert field == "birth_date"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (WITH_X, "3704**********004X"),
        (CARD, "3704**********0015"),
        ("E12345678", "E1*****78"),
        ("军1234567", "军1****67"),
        ("T370000001", "T3******01"),
        ("ABC", "A*C"),
        ("AB", "**"),
    ],
)
def test_a_masked_number(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_a_document_as_written_is_checked_or_told_with_its_field() -> None:
    shown = people.read_document_form(people.DocumentForm("03", "e 1234567", "esp"), TODAY)
    assert (shown.number, shown.issuer) == ("E1234567", "ESP")
    with pytest.raises(Unacceptable) as told:
        people.read_document_form(people.DocumentForm("01", CARD[:-1] + "0"), TODAY)
    assert [fault.pointer for fault in told.value.faults] == ["#/number"]
