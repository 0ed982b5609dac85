"""Patient to what a source writes and back, problems as OperationOutcomes, identifiers and their systems: all pure."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.fhir import bundles
from healthcloud.fhir.errors import SourceUnknown
from healthcloud.fhir.model import Ask, Resource, read_parameters, versions_named
from healthcloud.fhir.outcomes import outcome_of
from healthcloud.fhir.patients import ETHNICITY, Shown, patient_of, read_patient
from healthcloud.fhir.resources import read, write
from healthcloud.fhir.systems import (
    CARD,
    OTHER_DOCUMENTS,
    PASSPORT,
    RESIDENT,
    UUIDS,
    read_token,
    system_of_document,
    urn,
)

OWN, PERSON, RECORD = (UUID(int=n, version=4) for n in (1, 2, 3))
NUMBER = "370402190001010015"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SHOWN = Shown(
    id=RECORD,
    version="3",
    at=NOW,
    name="欧阳祯",
    sex="2",
    born=date(1900, 1, 1),
    document_kind="01",
    number=NUMBER,
    phone="13900000000",
    address="山东省枣庄市薛城区1号",
    ethnicity="01",
    nationality="CHN",
    masked=False,
    numbers=((OWN, "P-1"),),
    person_id=PERSON,
    links=((PERSON, "refer"),),
)


def _rows(of: Resource, name: str) -> list[Resource]:
    found = of[name]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


def test_what_is_shown_is_read_back_as_it_was() -> None:
    says = read_patient(read("Patient", patient_of(SHOWN)))
    assert (says.name, says.sex, says.birth_date) == ("欧阳祯", "2", "1900-01-01")
    assert (says.document_kind, says.number, says.phone) == ("01", NUMBER, "13900000000")
    assert (says.address, says.ethnicity, says.nationality) == ("山东省枣庄市薛城区1号", "01", "CHN")
    assert says.numbers == ((OWN, "P-1"),)
    assert not says.is_masked


def test_a_masked_number_is_rendered_and_stands_in_no_value() -> None:
    shown = Shown(RECORD, "1", NOW, "欧**", "2", "1900", document_kind="01", number="3704**********0015")
    body = write(patient_of(shown)).decode()
    assert '"value":"3704' not in body
    assert '"valueString":"3704**********0015"' in body
    assert '"birthDate":"1900"' in body
    assert read_patient(patient_of(shown)).is_masked


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ({"family": "欧阳", "given": ["祯", "玥"]}, "欧阳祯玥"),
        ({"family": "Smith", "given": ["John", "A."]}, "John A. Smith"),
        ({"text": "买买提·阿依古丽", "family": "买买提"}, "买买提·阿依古丽"),
    ],
)
def test_parts_of_a_name_are_joined_as_its_script_writes_them(name: dict[str, object], whole: str) -> None:
    assert read_patient(read("Patient", {"resourceType": "Patient", "name": [name]})).name == whole


def test_an_old_name_and_an_old_number_are_not_taken() -> None:
    told = read_patient(
        read(
            "Patient",
            {
                "resourceType": "Patient",
                "name": [
                    {"use": "old", "text": "旧名"},
                    {"use": "usual", "text": "小名"},
                    {"use": "official", "text": "大名"},
                ],
                "identifier": [
                    {"use": "old", "system": RESIDENT, "value": "1"},
                    {"system": PASSPORT + "usa", "value": "X9"},
                ],
            },
        )
    )
    assert (told.name, told.document_kind, told.number, told.issuer) == ("大名", "03", "X9", "USA")
    assert (told.sex, told.nationality) == (None, "USA")


def test_ethnicity_stands_in_its_extension() -> None:
    patient = patient_of(SHOWN)
    assert {"url": ETHNICITY, "valueCoding": {"system": ETHNICITY, "code": "01"}} in _rows(patient, "extension")


@pytest.mark.parametrize(
    ("text", "system", "value", "tells"),
    [
        (f"urn:uuid:{OWN}|P-1", f"urn:uuid:{OWN}", "P-1", False),
        (f"{UUIDS}|urn:uuid:{PERSON}", UUIDS, f"urn:uuid:{PERSON}", False),
        (f"{RESIDENT}|{NUMBER}", RESIDENT, NUMBER, True),
        (f"{CARD}|AB", CARD, "AB", True),
        (NUMBER, None, NUMBER, True),
        (r"urn:x|a\|b", "urn:x", "a|b", True),
    ],
)
def test_a_token_says_whose_number_it_is_and_whether_it_tells_an_identity(
    text: str, system: str | None, value: str, tells: object
) -> None:
    token = read_token(text)
    assert (token.system, token.value, token.tells_identity) == (system, value, tells)


@pytest.mark.parametrize("kind", ["01", "03", "04", "08", "99"])
def test_every_kind_of_document_has_a_system_of_its_own(kind: str) -> None:
    system = system_of_document(kind, "CHN" if kind == "03" else None)
    found = read_token(f"{system}|1").document
    assert found is not None
    assert found[0] == kind
    assert read_token(f"{OTHER_DOCUMENTS}123|1").document is None


def test_a_problem_is_told_with_every_fault_in_both_languages() -> None:
    outcome = outcome_of(Unacceptable(faults=(FieldFault("#/name/0/given", "is wrong", "有误"),)), "abc")
    assert b"Patient.name[0].given: is wrong" in write(outcome)
    codes = [one["code"] for one in _rows(read("OperationOutcome", outcome), "issue")]
    assert codes == ["processing", "processing"]
    assert b"sourceIdentifier Assigning Authority not found" in write(outcome_of(SourceUnknown()))


def test_what_is_no_fhir_is_told_by_place_and_never_said_back() -> None:
    with pytest.raises(Unacceptable) as caught:
        read(
            "Patient",
            {"resourceType": "Patient", "birthDate": "secret", "nme": "secret", "name": [{"given": "secret"}]},
        )
    assert {one.pointer for one in caught.value.faults} == {"#/birthDate", "#/nme", "#/name/0/given"}
    assert "secret" not in str(caught.value.body())


def test_tags_are_read_weak_strong_and_bare() -> None:
    assert versions_named('W/"1", "2",3') == {"1", "2", "3"}
    assert versions_named("") == frozenset()


def _ask(query: str, *, in_address: bool) -> Ask:
    return Ask("GET", "Patient", "https://city/fhir", read_parameters(query), in_address)


def test_a_page_names_the_next_one_without_saying_what_was_asked_by() -> None:
    ids = [OWN, PERSON, RECORD]
    ask = _ask(f"identifier={RESIDENT}%7C{NUMBER}&_count=2", in_address=False)
    page, more = bundles.page_of(ask, ids)
    bundle = bundles.searchset(ask, ids, [{"resourceType": "Patient", "id": str(one)} for one in page], more=more)
    links = {str(one["relation"]): str(one["url"]) for one in _rows(bundle, "link")}
    assert (page, bundle["total"]) == (ids[:2], 3)
    assert NUMBER not in str(links)
    assert links["next"].startswith("https://city/fhir/Patient?_id=")
    following = _ask(links["next"].partition("?")[2], in_address=True)
    assert bundles.page_of(following, ids) == ([RECORD], False)
    write(bundle)


def test_a_count_of_nothing_shows_nothing_and_still_counts() -> None:
    ask = _ask("_id=1&_count=0", in_address=True)
    assert bundles.page_of(ask, [OWN]) == ([], False)
    assert bundles.searchset(ask, [OWN], [], more=False)["total"] == 1


def test_chinese_is_read_from_percent_signs() -> None:
    assert read_parameters("name=%E6%AC%A7%E9%98%B3&birthdate=1900-01-01") == (
        ("name", "欧阳"),
        ("birthdate", "1900-01-01"),
    )


def test_an_institution_is_written_as_a_uri() -> None:
    assert urn(OWN) == f"urn:uuid:{OWN}"
