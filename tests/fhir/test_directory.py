"""Organization, Location and Practitioner: what institutions are, found by number and name."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from fixtures.fhir_desk import Desk, desk_of, issues
from institutions.entering import MANAGER

from healthcloud import institutions
from healthcloud.fhir.systems import LICENCE, NUMBERS, STANDARD_DEPARTMENT


@pytest.fixture(scope="module")
async def staffed(desk: Desk) -> str:
    """A department and a doctor at the hospital; return the doctor's licence number."""
    here, database = desk.institution_id, desk.city.town.database
    department = institutions.departments.DepartmentWish("XN1", "心内一科", "0304")
    doctor = institutions.practitioners.PractitionerWish("钱一鸣", "D-77", date(2020, 1, 1), "110370000000077", None)

    async def add(tx: Any) -> None:
        await institutions.departments.add_departments(tx, MANAGER, {here: [department]})
        await institutions.practitioners.add_practitioner(tx, MANAGER, here, doctor)

    await database.transact(add)
    return "110370000000077"


async def test_an_institution_is_read_and_found_by_its_numbers(desk: Desk) -> None:
    one = (await desk.ask("GET", f"/Organization/{desk.institution_id}")).json()
    assert one["active"]
    number = next(number for number in one["identifier"] if number["system"] in NUMBERS.values())
    found = (await desk.ask("GET", f"/Organization?identifier={number['system']}|{number['value']}")).json()
    assert ([entry["resource"]["id"] for entry in found["entry"]], found["total"]) == ([one["id"]], 1)
    named = (await desk.ask("GET", f"/Organization?name={quote(one['name'])}&_sort=-name&_count=1")).json()
    assert named["total"] >= 1
    version = one["meta"]["versionId"]
    await desk.ask("GET", f"/Organization/{desk.institution_id}", None, 304, If_None_Match=f'W/"{version}"')
    past = (await desk.ask("GET", f"/Organization/{desk.institution_id}/_history")).json()
    assert past["entry"][0]["resource"] == one
    same = await desk.ask("GET", f"/Organization/{desk.institution_id}/_history/{version}")
    assert same.json() == one
    await desk.ask("GET", f"/Organization/{desk.institution_id}/_history/1", None, 404)
    nothing = (await desk.ask("GET", "/Organization?_count=0")).json()
    assert (nothing["total"] >= 2, "entry" in nothing) == (True, False)


async def test_departments_and_terminals_are_locations(desk: Desk, staffed: str) -> None:
    found = (await desk.ask("GET", f"/Location?name={quote('心内')}")).json()["entry"][0]["resource"]
    assert (found["name"], found["identifier"][0]["value"]) == ("心内一科", "XN1")
    assert found["type"][0]["coding"][0] == {"system": STANDARD_DEPARTMENT, "code": "0304"}
    window = (await desk.ask("GET", f"/Location/{desk.city.here.window}")).json()
    assert window["managingOrganization"]["reference"] == f"Organization/{desk.institution_id}"
    with_them = await desk.ask("GET", f"/Organization?_id={desk.institution_id}&_revinclude=Location:organization")
    kinds = [(one["resource"]["resourceType"], one["search"]["mode"]) for one in with_them.json()["entry"]]
    assert kinds[0] == ("Organization", "match")
    assert set(kinds[1:]) == {("Location", "include")}
    assert staffed


async def test_practitioners_are_found_by_name_and_number(desk: Desk, there: Desk, staffed: str) -> None:
    by_name = (await desk.ask("GET", f"/Practitioner?name={quote('钱')}")).json()
    one = by_name["entry"][0]["resource"]
    assert (by_name["total"], one["name"][0]["text"]) == (1, "钱一鸣")
    for query in (f"{LICENCE}|{staffed}", f"{desk.system}|D-77", "d-77"):
        found = (await desk.ask("GET", f"/Practitioner?identifier={quote(query)}")).json()
        assert [entry["resource"]["id"] for entry in found["entry"]] == [one["id"]]
    elsewhere = await there.ask("GET", f"/Practitioner?name={quote('钱')}&organization={desk.institution_id}")
    assert elsewhere.json()["total"] == 1
    assert (await there.ask("GET", f"/Practitioner?name={quote('钱')}")).json()["total"] == 0


async def test_what_cannot_be_asked_is_told(desk: Desk) -> None:
    for query in ("name:missing=true", "unheard=1"):
        told = await desk.ask("GET", f"/Organization?{query}", None, 400, Prefer="handling=strict")
        assert issues(told)[0] == "fhir-parameter-not-possible"
    await desk.ask("GET", "/Organization?unheard=1&_count=1")
    nobodys = desk_of(desk.city, None)
    assert issues(await nobodys.ask("GET", "/Location", None, 400))[0] == "fhir-parameter-not-possible"
    await desk.ask("GET", f"/Practitioner/{desk.institution_id}", None, 404)
