"""Searching, matching and cross-referencing: what can be asked is found, what cannot be is told in words."""

from typing import Any

import pytest
from conformance.city import Whole
from fixtures.fhir_desk import Desk, desk_of, issues
from people.makers import next_name, next_number

from healthcloud.core.ids import new_id
from healthcloud.fhir.systems import CARD, RESIDENT, UUIDS


async def _there(desk: Desk, number: str, name: str, resident: str | None = None, **more: object) -> dict[str, Any]:
    answer = await desk.ask("POST", "/Patient", desk.patient(number, name, resident, **more), 201)
    told: dict[str, Any] = answer.json()
    return told


def _person(patient: Any) -> str:
    return str(patient["link"][0]["other"]["reference"]).removeprefix("Patient/")


def _ids(bundle: dict[str, Any]) -> list[str]:
    return [one["resource"]["id"] for one in bundle.get("entry", [])]


async def test_a_patient_is_found_by_each_of_its_identifiers(desk: Desk) -> None:
    resident = next_number()
    patient = await _there(desk, "S-1", next_name(), resident)
    person = _person(patient)
    own = await desk.ask("GET", f"/Patient?identifier={desk.system}|S-1")
    assert (_ids(own.json()), own.json()["total"]) == ([patient["id"]], 1)
    by_number = await desk.search({"identifier": f"{RESIDENT}|{resident}"})
    assert _ids(by_number) == [patient["id"], person]
    assert resident not in str(by_number["link"])
    by_person = await desk.ask("GET", f"/Patient?identifier={UUIDS}|urn:uuid:{person}")
    assert _ids(by_person.json()) == [patient["id"], person]
    by_ids = await desk.ask("GET", f"/Patient?_id={patient['id']},{new_id()},{person}&_count=1")
    assert (_ids(by_ids.json()), by_ids.json()["total"]) == ([patient["id"]], 2)
    links = {one["relation"]: one["url"] for one in by_ids.json()["link"]}
    following = await desk.ask("GET", links["next"].removeprefix(f"{desk.city.url}/fhir"))
    assert _ids(following.json()) == [person]
    nothing = await desk.ask("GET", f"/Patient?_id={person}&_count=0")
    assert (nothing.json()["total"], "entry" in nothing.json()) == (1, False)


async def test_a_patient_is_found_by_card_phone_and_whole_name(desk: Desk) -> None:
    holder = desk.city.holder
    by_card = await desk.search({"identifier": f"{CARD}|{holder.card.number}"})
    assert _ids(by_card) == [str(holder.person_id)]
    name = next_name()
    patient = await _there(
        desk, "S-2", name, next_number(), birthDate="1900-01-01", telecom=[{"system": "phone", "value": "13911112222"}]
    )
    by_name = await desk.search({"name": name, "birthdate": "1900-01-01"})
    assert patient["id"] in _ids(by_name)
    wrong_day = await desk.search({"name": name, "birthdate": "1900-01-02"})
    assert (wrong_day["total"], wrong_day.get("entry")) == (0, None)


@pytest.mark.parametrize(
    "form",
    [
        {"name:contains": "王"},
        {"birthdate": "1900-01-01"},
        {"family": "王"},
        {},
        {"identifier:of-type": "x"},
        {"name": "王伟"},
    ],
)
async def test_what_sealing_does_not_allow_is_told(desk: Desk, form: dict[str, str]) -> None:
    told = await desk.search(form, 400)
    assert told["issue"][0]["details"]["coding"][0]["code"] == "fhir-search-not-possible"
    assert "identifier" in told["issue"][0]["details"]["text"]


@pytest.mark.parametrize("query", [f"identifier={RESIDENT}|370402190001010015", "identifier=370402190001010015",
                                   "name=%E7%8E%8B%E4%BC%9F&birthdate=1900-01-01", "phone=13900000000"])  # fmt: skip
async def test_no_identity_is_taken_from_an_address(desk: Desk, query: str) -> None:
    answer = await desk.ask("GET", f"/Patient?{query}", None, 400)
    assert issues(answer)[0] == "fhir-identity-in-address"
    by_post = await desk.city.town.http.post(f"/fhir/Patient/_search?{query}", headers=desk.headers)
    assert by_post.status_code == 400


async def test_parameters_nobody_knows_are_passed_over_unless_handling_is_strict(desk: Desk) -> None:
    query = f"/Patient?identifier={desk.system}|nobody&colour=blue"
    assert (await desk.ask("GET", query)).json()["total"] == 0
    strict = await desk.ask("GET", query, None, 400, Prefer="handling=strict")
    assert issues(strict)[0] == "fhir-search-not-possible"


async def test_a_create_that_carries_a_search_makes_no_duplicate(desk: Desk) -> None:
    patient = await _there(desk, "S-3", next_name(), resident := next_number())
    again = desk.patient("S-3", next_name())
    carried = await desk.ask("POST", f"/Patient?identifier={desk.system}|S-3", again)
    assert carried.json()["id"] == patient["id"]
    by_number = await desk.ask("POST", "/Patient", again, If_None_Exist=f"identifier={RESIDENT}|{resident}")
    assert by_number.json()["id"] == patient["id"]
    await _there(desk, "S-4", next_name(), next_number())
    both = f"identifier={desk.system}|S-3,{desk.system}|S-4"
    assert issues(await desk.ask("POST", "/Patient", again, 412, If_None_Exist=both)) == [
        "fhir-several-match",
        "multiple-matches",
    ]
    asked = await desk.ask("POST", "/Patient?colour=blue", again, 400)
    assert issues(asked)[0] == "fhir-search-not-possible"


async def test_candidates_come_best_first_with_score_and_grade(desk: Desk, there: Desk) -> None:
    name, number = next_name(), next_number()
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    patient = await _there(desk, "M-1", name, number, birthDate=born)
    asked = there.patient("X-1", name, number, birthDate=born)
    match: dict[str, Any] = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": asked}]}
    bundle = (await there.ask("POST", "/Patient/$match", match)).json()
    best = bundle["entry"][0]
    assert best["resource"]["id"] == _person(patient)
    assert best["search"]["extension"][0]["valueCode"] == "certain"
    scores = [one["search"]["score"] for one in bundle["entry"]]
    assert scores == sorted(scores, reverse=True)
    assert name not in str(bundle)
    only = match["parameter"] + [{"name": "onlyCertainMatches", "valueBoolean": True}]
    sure = await there.ask("POST", "/Patient/$match", match | {"parameter": only})
    assert _ids(sure.json()) == [_person(patient)]
    none = await there.ask(
        "POST", "/Patient/$match", match | {"parameter": [*only, {"name": "count", "valueInteger": 0}]}
    )
    assert none.json()["total"] == 0
    alone = await there.ask("POST", "/Patient/$match", asked)
    assert _ids(alone.json())[0] == _person(patient)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), ({"resourceType": "Patient", "nme": 1}, 422), ({"resourceType": "Observation"}, 400),
     ({"resourceType": "Parameters", "parameter": [{"name": "count", "valueInteger": 1}]}, 422), (b"", 400), ([], 400)],
)  # fmt: skip
async def test_a_match_that_cannot_be_read_is_told(desk: Desk, body: object, status: int) -> None:
    await desk.ask("POST", "/Patient/$match", body, status)


async def test_numbers_are_cross_referenced_both_ways(desk: Desk, there: Desk) -> None:
    name, number = next_name(), next_number()
    patient = await _there(desk, "P-1", name, number)
    await _there(there, "Q-1", name, number)
    person = _person(patient)
    told = await desk.ask("GET", f"/Patient/$ihe-pix?sourceIdentifier={desk.system}|P-1")
    found = {one["valueIdentifier"]["value"] for one in told.json()["parameter"] if "valueIdentifier" in one}
    references = {one["valueReference"]["reference"] for one in told.json()["parameter"] if "valueReference" in one}
    assert (found, references) == ({f"urn:uuid:{person}"}, {f"Patient/{patient['id']}", f"Patient/{person}"})
    assert "Q-1" not in told.text
    asked = {"resourceType": "Parameters", "parameter": [
        {"name": "sourceIdentifier", "valueIdentifier": {"system": RESIDENT, "value": number}},
        {"name": "targetSystem", "valueUri": there.system},
    ]}  # fmt: skip
    back = await there.ask("POST", "/Patient/$ihe-pix", asked)
    assert [one["valueIdentifier"]["value"] for one in back.json()["parameter"] if "valueIdentifier" in one] == ["Q-1"]


async def test_the_errors_of_pix_are_those_of_its_profile(desk: Desk, there: Desk) -> None:
    await _there(desk, "P-2", next_name(), next_number())
    base = "/Patient/$ihe-pix?sourceIdentifier="
    missing = await desk.ask("GET", f"{base}{desk.system}|never", None, 404)
    assert issues(missing)[1] == "not-found"
    unknown = await desk.ask("GET", f"{base}urn:oid:1.2.3|P-2", None, 400)
    assert issues(unknown)[0] == "fhir-identity-in-address"
    for query in (f"{base}{there.system}|P-2", "/Patient/$ihe-pix"):
        assert issues(await desk.ask("GET", query, None, 400)) == ["fhir-source-unknown", "code-invalid"]
    target = await desk.ask("GET", f"{base}{desk.system}|P-2&targetSystem={there.system}", None, 403)
    assert issues(target) == ["fhir-target-unknown", "code-invalid"]
    number = await desk.ask("GET", f"{base}370402190001010015", None, 400)
    assert issues(number)[0] == "fhir-identity-in-address"


async def test_a_batch_answers_each_entry_at_its_place(desk: Desk) -> None:
    name, number = next_name(), next_number()
    patient = desk.patient("B-1", name, number)
    entries = [
        {
            "request": {"method": "POST", "url": "Patient", "ifNoneExist": f"identifier={desk.system}|B-1"},
            "resource": patient,
        },
        {"request": {"method": "GET", "url": f"Patient?identifier={RESIDENT}%7C{number}"}},
        {"request": {"method": "GET", "url": f"Patient/{new_id()}"}},
        {"request": {"method": "DELETE", "url": f"Patient/{new_id()}"}},
        {"request": {"method": "GET", "url": "Observation"}},
    ]
    answer = await desk.ask("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": entries})
    told = answer.json()["entry"]
    assert [one["response"]["status"][:3] for one in told] == ["201", "200", "404", "405", "404"]
    assert told[0]["response"]["etag"] == 'W/"1"'
    assert told[1]["resource"]["total"] == 2
    assert "outcome" in told[2]["response"]
    whole = await desk.ask("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries}, 422)
    assert issues(whole)[0] == "fhir-bundle-not-taken"


async def test_what_is_not_offered_is_told_as_an_outcome(desk: Desk, city: Whole) -> None:
    patch = [{"op": "replace", "path": "/active", "value": False}]
    place = f"/Organization/{desk.institution_id}"
    await desk.ask("PATCH", place, patch, 405, Content_Type="application/json-patch+json")
    await desk.ask("DELETE", f"/Patient/{new_id()}", None, 405)
    await desk.ask("GET", "/Observation", None, 404)
    await desk.ask("GET", "/Patient/not-an-id", None, 404)
    nobody = await city.town.http.get(f"/fhir/Patient/{new_id()}")
    assert (nobody.status_code, issues(nobody)) == (401, ["unauthenticated", "login"])
    no_number = {"resourceType": "Patient", "name": [{"text": next_name()}]}
    assert issues(await desk.ask("POST", "/Patient", no_number, 422))[0] == "fhir-number-needed"
    await desk.ask("POST", "/Patient", desk.patient("Z-1", next_name(), birthDate="1900-13-01"), 422)
    outsider = desk_of(city, None)
    assert issues(await outsider.ask("POST", "/Patient", no_number, 403))[0] == "fhir-institution-needed"


async def test_both_media_types_are_read(desk: Desk) -> None:
    patient = desk.patient("T-1", next_name(), next_number())
    await desk.ask("POST", "/Patient", patient, 201, Content_Type="application/json")
