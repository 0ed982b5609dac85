"""Encounters: told of, read, found, changed under their version, looked back on; each institution its own."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from fixtures.fhir_desk import SCOPES, Desk, desk_of, issues
from people.makers import next_name, next_number

from healthcloud.core.ids import new_id
from healthcloud.fhir.visit_search import within


@pytest.fixture(scope="module")
def teller(desk: Desk) -> Desk:
    return desk_of(desk.city, desk.institution_id, *SCOPES, "exchange.deliver")


def _visit(desk: Desk, number: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "identifier": [{"system": desk.system, "value": number}],
        "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "period": {"start": "2026-11-20T09:00:00+08:00"},
    } | more


async def _patient(desk: Desk, number: str) -> str:
    made = await desk.ask("POST", "/Patient", desk.patient(number, next_name(), next_number()), 201)
    return str(made.json()["id"])


async def test_a_visit_is_told_of_read_and_found(teller: Desk) -> None:
    patient = await _patient(teller, "V-1")
    subject = {"reference": f"Patient/{patient}"}
    made = await teller.ask("POST", "/Encounter", _visit(teller, "N-1", subject=subject), 201)
    visit = made.json()
    assert made.headers["location"].endswith(f"/fhir/Encounter/{visit['id']}/_history/1")
    assert (made.headers["etag"], visit["class"]["code"]) == ('W/"1"', "AMB")
    assert visit["subject"]["reference"] == f"Patient/{patient}"
    assert (await teller.ask("GET", f"/Encounter/{visit['id']}")).json() == visit
    await teller.ask("GET", f"/Encounter/{visit['id']}", None, 304, If_None_Match="1")
    for query in (
        f"patient={patient}",
        f"subject=Patient/{patient}&status=in-progress,planned&date=2026-11-20",
        f"identifier={teller.system}|N-1",
        f"patient.identifier={teller.system}|V-1&class=AMB",
        f"_id={visit['id']}&date=ge2026-11&_sort=-date",
    ):
        found = (await teller.ask("GET", f"/Encounter?{query}")).json()
        assert [one["resource"]["id"] for one in found["entry"]] == [visit["id"]], query
    for query in (f"patient={patient}&status=finished", f"patient={patient}&date=lt2026-11-20", f"patient={new_id()}"):
        assert (await teller.ask("GET", f"/Encounter?{query}")).json()["total"] == 0
    beside = (await teller.ask("GET", f"/Patient?_id={patient}&_revinclude=Encounter:patient")).json()
    modes = [(one["resource"]["resourceType"], one["search"]["mode"]) for one in beside["entry"]]
    assert (modes, beside["total"]) == ([("Patient", "match"), ("Encounter", "include")], 1)
    assert issues(await teller.ask("GET", "/Encounter?status=planned", None, 400))[0] == "fhir-parameter-not-possible"


async def test_the_same_again_is_the_same_and_a_condition_finds_it(teller: Desk) -> None:
    subject = {"identifier": {"system": teller.system, "value": "V-2"}}
    visit = _visit(teller, "N-2", subject=subject)
    made = (await teller.ask("POST", "/Encounter", visit, 201)).json()
    assert (await teller.ask("POST", "/Encounter", visit, 200)).json() == made
    other = await teller.ask("POST", "/Encounter", visit | {"status": "finished"}, 409)
    assert issues(other)[0] == "fhir-number-taken"
    condition = f"identifier={teller.system}|N-2"
    found = await teller.ask("POST", "/Encounter", visit | {"status": "finished"}, 200, If_None_Exist=condition)
    assert found.json() == made


async def test_a_visit_changes_under_its_version_and_every_one_is_kept(teller: Desk) -> None:
    subject = {"identifier": {"system": teller.system, "value": "V-3"}}
    made = (await teller.ask("POST", "/Encounter", _visit(teller, "N-3", subject=subject), 201)).json()
    place = f"/Encounter/{made['id']}"
    changed = await teller.ask("PUT", place, made | {"status": "finished"}, If_Match='W/"1"')
    assert (changed.headers["etag"], changed.json()["status"]) == ('W/"2"', "finished")
    passed = await teller.ask("PUT", place, made, 412, If_Match='W/"1"')
    assert issues(passed)[0] == "fhir-version-passed"
    patch = [{"op": "replace", "path": "/status", "value": "in-progress"}]
    patched = await teller.ask("PATCH", place, patch, Content_Type="application/json-patch+json")
    assert (patched.json()["status"], patched.json()["meta"]["versionId"]) == ("in-progress", "3")
    await teller.ask("PATCH", place, [{"op": "test", "path": "/status", "value": "x"}], 422)
    await teller.ask("PATCH", place, {"resourceType": "Parameters"}, 400)
    past = (await teller.ask("GET", f"{place}/_history")).json()
    assert [one["resource"]["status"] for one in past["entry"]] == ["in-progress", "finished", "in-progress"]
    assert (await teller.ask("GET", f"{place}/_history/1")).json() == made
    await teller.ask("GET", f"{place}/_history/9", None, 404)


async def test_of_twenty_who_know_the_same_version_one_changes_it(teller: Desk) -> None:
    subject = {"identifier": {"system": teller.system, "value": "V-4"}}
    made = (await teller.ask("POST", "/Encounter", _visit(teller, "N-4", subject=subject), 201)).json()

    async def change(place: str) -> int:
        sent = made | {"location": [{"location": {"display": place}}]}
        answer = await teller.ask("PUT", f"/Encounter/{made['id']}", sent, 200, 412, If_Match='W/"1"')
        return answer.status_code

    answers = await asyncio.gather(*(change(f"{n} 诊室") for n in range(20)))
    assert sorted(answers) == [200, *[412] * 19]


async def test_of_twenty_who_know_the_same_patient_one_changes_it(teller: Desk) -> None:
    name, number = next_name(), next_number()
    made = (await teller.ask("POST", "/Patient", teller.patient("V-5", name, number), 201)).json()

    async def change(phone: str) -> int:
        sent = made | {"telecom": [{"system": "phone", "value": phone}]}
        answer = await teller.ask("PUT", f"/Patient/{made['id']}", sent, 200, 412, If_Match='W/"1"')
        return answer.status_code

    answers = await asyncio.gather(*(change(f"139000033{n:02}") for n in range(20)))
    assert sorted(answers) == [200, *[412] * 19]


async def test_a_patient_is_patched(teller: Desk) -> None:
    patient = await _patient(teller, "V-6")
    patch = [{"op": "add", "path": "/telecom", "value": [{"system": "phone", "value": "13900004444"}]}]
    changed = await teller.ask("PATCH", f"/Patient/{patient}", patch)
    assert (changed.json()["telecom"][0]["value"], changed.headers["etag"]) == ("13900004444", 'W/"2"')
    await teller.ask("PATCH", f"/Patient/{patient}", patch, 412, If_Match='W/"1"')


async def test_another_institutions_visit_is_not_there(teller: Desk, there: Desk) -> None:
    subject = {"identifier": {"system": teller.system, "value": "V-7"}}
    made = (await teller.ask("POST", "/Encounter", _visit(teller, "N-7", subject=subject), 201)).json()
    stranger = desk_of(there.city, there.institution_id, *SCOPES, "exchange.deliver")
    await stranger.ask("GET", f"/Encounter/{made['id']}", None, 404)
    assert (await stranger.ask("GET", f"/Encounter?_id={made['id']}")).json()["total"] == 0
    await there.ask("GET", f"/Encounter/{made['id']}", None, 403)


async def test_what_cannot_be_kept_is_told(teller: Desk) -> None:
    subject = {"identifier": {"system": teller.system, "value": "V-8"}}
    for visit in (
        _visit(teller, "N-8"),
        _visit(teller, "N-8", subject=subject, status="unknown"),
        _visit(teller, "N-8", subject={"reference": "Group/1"}),
        _visit(teller, "N-8", subject=subject, status="gone"),
        {"resourceType": "Encounter", "status": "planned", "class": {"code": "AMB"}, "subject": subject},
    ):
        await teller.ask("POST", "/Encounter", visit, 422)
    await teller.ask("POST", "/Encounter", _visit(teller, "N-8", subject={"reference": f"Patient/{new_id()}"}), 404)


async def test_a_batch_holds_every_kind(teller: Desk) -> None:
    entries = [
        {"request": {"method": "GET", "url": f"Organization/{teller.institution_id}"}},
        {"request": {"method": "GET", "url": "Encounter?status=planned"}},
        {"request": {"method": "DELETE", "url": f"Encounter/{new_id()}"}},
    ]
    told = (await teller.ask("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": entries})).json()
    assert [one["response"]["status"][:3] for one in told["entry"]] == ["200", "400", "405"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026", True), ("2026-11", True), ("2026-11-20", True), ("2026-11-21", False), ("ne2026-11-20", False),
        ("gt2026-11-19", True), ("sa2026-11-20", False), ("eb2026-11-21", True), ("le2026-11-20T09:30:00+08:00", True),
        ("lt2026-11-20T09:00:00+08:00", False),
    ],
)  # fmt: skip
def test_a_period_fits_a_date_as_fhir_says(text: str, fits: bool) -> None:  # noqa: FBT001 - a table of the test
    begins, ends = datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert within(text, begins, ends) is fits
