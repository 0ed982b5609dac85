"""Patients over HTTP: handed in, read, changed, looked back on; masked for who may not open them."""

import asyncio
from uuid import UUID

import pytest
from cards.scanning import count, manager
from conformance.city import Whole
from fixtures.fhir_desk import Desk, desk_of, issues
from people.makers import next_name, next_number

from healthcloud import people
from healthcloud.core.ids import new_id


async def test_anybody_may_ask_what_the_server_can_do(city: Whole) -> None:
    answer = await city.town.http.get("/fhir/metadata")
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/fhir+json")
    assert (told["fhirVersion"], told["rest"][0]["mode"]) == ("4.0.1", "server")
    assert told["implementation"]["url"] == f"{city.url}/fhir"


@pytest.mark.parametrize("path", ["/fhir/.well-known/smart-configuration", "/.well-known/smart-configuration"])
async def test_there_is_no_smart_configuration_and_that_is_said(city: Whole, path: str) -> None:
    assert (await city.town.http.get(path)).status_code == 404


async def test_a_record_is_created_read_and_known_by_its_version(desk: Desk) -> None:
    name, number = next_name(), next_number()
    created = await desk.ask("POST", "/Patient", desk.patient("A-1", name, number, gender="male"), 201)
    patient = created.json()
    location = f"{desk.city.url}/fhir/Patient/{patient['id']}/_history/1"
    assert (created.headers["location"], created.headers["etag"]) == (location, 'W/"1"')
    assert created.headers["last-modified"].endswith("GMT")
    assert patient["name"][0]["text"] == name
    read = await desk.ask("GET", f"/Patient/{patient['id']}")
    assert read.json() == patient
    assert (read.headers["etag"], "location" in read.headers) == ('W/"1"', False)
    for tag in ('W/"1"', "1"):
        unchanged = await desk.ask("GET", f"/Patient/{patient['id']}", None, 304, If_None_Match=tag)
        assert not unchanged.content
    person = await desk.ask("GET", f"/{patient['link'][0]['other']['reference']}")
    assert person.json()["name"][0]["text"] == name
    assert person.json()["link"] == [{"other": {"reference": f"Patient/{patient['id']}"}, "type": "seealso"}]


async def test_the_same_again_is_the_same_and_something_else_a_conflict(desk: Desk) -> None:
    first = desk.patient("A-2", next_name(), next_number())
    created = await desk.ask("POST", "/Patient", first, 201)
    again = await desk.ask("POST", "/Patient", first, 200)
    assert again.json()["id"] == created.json()["id"]
    other = await desk.ask("POST", "/Patient", desk.patient("A-2", next_name(), next_number()), 409)
    assert issues(other) == ["fhir-number-taken", "duplicate"]


async def test_an_update_is_a_new_version_and_the_former_one_is_kept(desk: Desk) -> None:
    name, number = next_name(), next_number()
    patient = (await desk.ask("POST", "/Patient", desk.patient("A-3", name, number), 201)).json()
    place = f"/Patient/{patient['id']}"
    changed = patient | {"telecom": [{"system": "phone", "value": "13900001111"}]}
    updated = await desk.ask("PUT", place, changed, If_Match='W/"1"')
    assert (updated.headers["etag"], updated.json()["telecom"][0]["value"]) == ('W/"2"', "13900001111")
    passed = await desk.ask("PUT", place, changed, 412, If_Match='W/"1"')
    assert issues(passed)[0] == "fhir-version-passed"
    versions = (await desk.ask("GET", f"{place}/_history")).json()
    assert [one["resource"]["meta"]["versionId"] for one in versions["entry"]] == ["2", "1"]
    assert [one["request"]["method"] for one in versions["entry"]] == ["PUT", "POST"]
    former = await desk.ask("GET", f"{place}/_history/1")
    assert "telecom" not in former.json()
    await desk.ask("GET", f"{place}/_history/9", None, 404)


async def test_who_may_not_open_sees_a_mask_and_cannot_write_it_back(desk: Desk, city: Whole) -> None:
    name, number = next_name(), next_number()
    patient = (await desk.ask("POST", "/Patient", desk.patient("A-4", name, number), 201)).json()
    shy = desk_of(city, desk.institution_id, "index.submit", "people.register")
    read = await shy.ask("GET", f"/Patient/{patient['id']}")
    assert name not in read.text
    assert number not in read.text
    assert read.json()["meta"]["security"][0]["code"] == "MASKED"
    assert issues(await shy.ask("PUT", f"/Patient/{patient['id']}", read.json(), 422))[0] == "fhir-masked-content"


async def test_another_hospital_meets_the_person_masked_and_the_record_not_at_all(desk: Desk, there: Desk) -> None:
    name = next_name()
    patient = (await desk.ask("POST", "/Patient", desk.patient("A-5", name, next_number()), 201)).json()
    missing = await there.ask("GET", f"/Patient/{patient['id']}", None, 404)
    never = await there.ask("GET", f"/Patient/{new_id()}", None, 404)
    assert issues(missing) == issues(never) == ["fhir-patient-not-found", "not-found"]
    person = await there.ask("GET", f"/{patient['link'][0]['other']['reference']}")
    assert name not in person.text
    assert "A-5" not in person.text
    assert "seealso" not in person.text
    await there.ask("PUT", f"/Patient/{patient['id']}", there.patient("A-5", name), 404)


async def test_a_client_that_only_submits_meets_no_person(desk: Desk, city: Whole) -> None:
    patient = (await desk.ask("POST", "/Patient", desk.patient("A-6", next_name(), next_number()), 201)).json()
    submitter = desk_of(city, desk.institution_id, "index.submit")
    await submitter.ask("GET", f"/Patient/{patient['id']}")
    await submitter.ask("GET", f"/{patient['link'][0]['other']['reference']}", None, 404)
    match = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": patient}]}
    assert issues(await submitter.ask("POST", "/Patient/$match", match, 403))[1] == "forbidden"


async def test_twenty_conditional_creates_at_once_make_one_person(desk: Desk) -> None:
    name, number = next_name(), next_number()
    condition = f"identifier={desk.system}|A-7"
    asked = [
        desk.ask("POST", "/Patient", desk.patient("A-7", name, number), 200, 201, If_None_Exist=condition)
        for _ in range(20)
    ]
    sent = await asyncio.gather(*asked)
    assert [one.status_code for one in sent].count(201) == 1
    assert len({one.json()["id"] for one in sent}) == 1
    assert len({one.json()["link"][0]["other"]["reference"] for one in sent if "link" in one.json()}) == 1


async def test_each_look_is_a_line_the_person_reads(desk: Desk, there: Desk, owner_url: str) -> None:
    patient = (await desk.ask("POST", "/Patient", desk.patient("A-8", next_name(), next_number()), 201)).json()
    person = patient["link"][0]["other"]["reference"].removeprefix("Patient/")
    lines = [("fhir.opened", desk, f"/Patient/{patient['id']}"), ("fhir.read", there, f"/Patient/{person}")]
    for deed, who, path in lines:
        before = await count(owner_url, "audit.deeds", subject_id=UUID(person), deed=deed)
        await who.ask("GET", path)
        assert await count(owner_url, "audit.deeds", subject_id=UUID(person), deed=deed) == before + 1


async def test_a_person_merged_away_says_by_whom_and_nothing_else(desk: Desk) -> None:
    whole, name = desk.city.town, next_name()
    kept, gone = (
        await whole.person(),
        (await desk.ask("POST", "/Patient", desk.patient("A-9", name, next_number()), 201)).json(),
    )
    person = UUID(gone["link"][0]["other"]["reference"].removeprefix("Patient/"))
    await whole.database.transact(
        lambda tx: people.merge_persons(tx, manager("people.correct"), person, kept, "同一人")
    )
    told = (await desk.ask("GET", f"/Patient/{person}")).json()
    assert (told["active"], told["link"]) == (
        False,
        [{"other": {"reference": f"Patient/{kept}"}, "type": "replaced-by"}],
    )
    assert "name" not in told
    record = (await desk.ask("GET", f"/Patient/{gone['id']}")).json()
    assert record["link"][0]["other"]["reference"] == f"Patient/{kept}"
