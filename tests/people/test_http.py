"""People over HTTP: keys, faults without echo, own data, what nobody may, and the registry's part."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fixtures.http import Serve, calling
from people.makers import deeds_of, next_name, next_number

from healthcloud import people
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.people.registry import HttpRegistry
from healthcloud.server.app import Application, create_app
from healthcloud_simulators import registry as simulated
from healthcloud_simulators.options import Options
from healthcloud_simulators.population import residents

HOSPITAL = UUID(int=0xB1)
CLERK = ("people.register", "people.open")
CITY = ("people.register", "people.open", "people.correct")
KNOWN, OTHER = residents(simulated.SEED, 2, 500)


class Told:
    """`X-Caller: <name>` is whoever the test made of that name."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}

    async def authenticate(self, credentials: Credentials) -> Caller:
        return self.callers.get(credentials.headers.get("x-caller", ""), GUEST)

    def staff(self, name: str, *scopes: str) -> dict[str, str]:
        self.callers[name] = Caller(CallerKind.STAFF, new_id(), frozenset(scopes), institution_id=HOSPITAL)
        return {"X-Caller": name}

    def resident(self, name: str, person_id: UUID | None) -> dict[str, str]:
        scopes = frozenset({"resident"})
        self.callers[name] = Caller(CallerKind.RESIDENT, new_id(), scopes, person_id=person_id)
        return {"X-Caller": name}


class Desk:
    """A client with its callers; each POST gets a key of its own."""

    def __init__(self, client: httpx.AsyncClient, told: Told, registry: httpx.AsyncClient) -> None:
        self.client, self.told, self.registry = client, told, registry
        self.clerk = told.staff("clerk", *CLERK)
        self.city = told.staff("city", *CITY)

    async def post(self, path: str, body: Any, caller: dict[str, str], key: str | None = None) -> httpx.Response:
        headers = caller | {"Idempotency-Key": key or uuid4().hex}
        return await self.client.post(f"/api/v1/people{path}", json=body, headers=headers)

    async def put(self, path: str, body: Any, caller: dict[str, str]) -> httpx.Response:
        return await self.client.put(f"/api/v1/people{path}", json=body, headers=caller)

    async def get(self, path: str, caller: dict[str, str]) -> Any:
        return await self.client.get(f"/api/v1/people{path}", headers=caller)

    async def registered(self, **changes: object) -> str:
        answer = await self.post("", wish(**changes), self.clerk)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["person_id"])


def elsewhere(**how: Any) -> str:
    """Return a number that the registry's population does not have."""
    return next_number(division="370102", **how)


def wish(**changes: object) -> dict[str, Any]:
    return {"name": next_name(), "documents": [{"kind": "01", "number": elsewhere()}]} | changes


@pytest.fixture(scope="module")
async def hall(database: Database) -> AsyncIterator[tuple[Application, httpx.AsyncClient]]:
    app = create_app(Settings(), database, Told(), api=people.ROUTERS, root=())
    async with calling(app) as client:
        yield app, client


@pytest.fixture
async def desk(hall: tuple[Application, httpx.AsyncClient], serve: Serve) -> AsyncIterator[Desk]:
    app, visitor = hall
    app.api.state.authenticator = told = Told()
    registry = await serve(simulated.create_app(Options("key")))
    async with HttpRegistry(
        str(registry.base_url), app_id="t", key="key", timeout_seconds=0.5, allow_simulator=True
    ) as client:
        app.api.state.registry = client
        yield Desk(visitor, told, registry)


async def test_the_same_person_from_two_desks_and_the_same_request_twice(desk: Desk) -> None:
    body = wish(phone="13811110000", local_number="HIS-1")
    first = await desk.post("", body, desk.clerk, key="the-same-key")
    again = await desk.post("", body, desk.clerk, key="the-same-key")
    other_desk = await desk.post("", body, desk.told.staff("second", *CLERK))
    assert (first.status_code, again.status_code, other_desk.status_code) == (201, 201, 201)
    assert again.json() == first.json()
    assert other_desk.json() == {"person_id": first.json()["person_id"], "created": False}
    other = await desk.post("", wish(), desk.clerk, key="the-same-key")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    keyless = await desk.client.post("/api/v1/people", json=wish(), headers=desk.clerk)
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency-key-missing")


async def test_forty_desks_at_once_with_keys_used_twice(desk: Desk) -> None:
    bodies = [wish(phone=f"139000000{place:02}") for place in range(20)]
    conflict = bodies[0] | {"name": "另有其人"}
    sent = [(body, f"key-number-{place}") for place, body in enumerate(bodies)] * 2
    good = await asyncio.gather(
        *(desk.post("", body, desk.clerk, key=key) for body, key in sent),
        *(desk.post("", body, desk.city) for body in bodies),
    )
    refused = await desk.post("", conflict, desk.clerk)
    reused = await desk.post("", bodies[1], desk.clerk, key="key-number-2")
    assert {answer.status_code for answer in good} == {201}
    for place in range(20):
        one, again, other = (good[place + 20 * turn].json() for turn in range(3))
        assert one == again
        assert one["person_id"] == other["person_id"]
        assert one["created"] != other["created"]
    assert (refused.json()["code"], reused.json()["code"]) == ("identity-conflict", "idempotency-key-reused")


async def test_bad_input_is_told_field_by_field_and_never_said_back(desk: Desk) -> None:
    secret_number, secret_phone = "370402190001010014", "1381111"
    answer = await desk.post(
        "",
        {
            "name": "张\ue000三",
            "sex": "5",
            "documents": [{"kind": "01", "number": secret_number}, {"kind": "77", "number": "x"}],
            "phone": secret_phone,
        },
        desk.clerk,
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "unacceptable")
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "#/name",
        "#/sex",
        "#/documents/0/number",
        "#/documents/1/kind",
        "#/phone",
    }
    assert all(fault["en"] and fault["zh"] for fault in problem["errors"])
    for secret in (secret_number, secret_phone, "张"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"name": 5, "documents": []}, 422, "#/name"),
        ({"name": "x" * 301, "documents": []}, 422, "#/name"),
        ({"name": "张三", "documents": [{"kind": "01"}]}, 422, "#/documents/0/number"),
        ({"name": "张三", "documents": [], "unknown": 1}, 422, "#/unknown"),
        ({"name": "张三", "documents": [{"kind": "03", "number": "E1234567"}]}, 422, "#/documents/0/number"),
        ({"name": "张三", "birth_date": "1990-02-30", "documents": []}, 422, "#/birth_date"),
        ({"documents": [], "birth": {"mother_id": "x", "born_at": "yesterday"}}, 422, "#/birth/mother_id"),
        ([], 422, "#"),
        ("text", 422, "#"),
    ],
)
async def test_a_body_out_of_shape(desk: Desk, body: Any, status: int, pointer: str) -> None:
    answer = await desk.post("", body, desk.clerk)
    assert answer.status_code == status
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}


async def test_half_a_character_is_no_name(desk: Desk) -> None:
    headers = desk.clerk | {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    body = b'{"name": "\\ud800", "documents": []}'
    answer = await desk.client.post("/api/v1/people", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/name")


async def test_a_conflict_reveals_nothing_of_who_is_registered(desk: Desk) -> None:
    body = wish(name="独孤求败", phone="13822220000")
    await desk.post("", body, desk.clerk)
    answer = await desk.post("", body | {"name": "东方不败"}, desk.clerk)
    assert (answer.status_code, answer.json()["code"]) == (409, "identity-conflict")
    for secret in ("独孤", "138", "370402"):
        assert secret not in answer.text


async def test_the_registry_raises_the_level_refuses_and_may_be_down(desk: Desk) -> None:
    def of(name: str, number: str) -> dict[str, object]:
        return wish(name=name, documents=[{"kind": "01", "number": number}])

    async def level(number: str) -> int:
        found = await desk.post("/lookup", {"kind": "01", "number": number}, desk.clerk)
        return int(found.json()["level"])

    refused = await desk.post("", of(OTHER.name, KNOWN.number), desk.clerk)
    assert (refused.status_code, refused.json()["code"]) == (409, "registry-mismatch")
    assert (await desk.post("", of(KNOWN.name, KNOWN.number), desk.clerk)).status_code == 201
    assert await level(KNOWN.number) == 1
    await desk.registry.put("/behaviour", json={"fail_next": 9})
    assert (await desk.post("", of(OTHER.name, OTHER.number), desk.clerk)).status_code == 201
    assert await level(OTHER.number) == 0
    seen = wish() | {"document_seen": True, "evidence": "身份证原件"}
    assert (await desk.post("", seen, desk.clerk)).status_code == 201
    assert await level(seen["documents"][0]["number"]) == 2


async def test_looking_up_is_masked_and_opening_is_not(desk: Desk) -> None:
    body = wish(name="欧阳锋锋", phone="13833330000")
    number = body["documents"][0]["number"]
    person = (await desk.post("", body, desk.clerk)).json()["person_id"]
    found = (await desk.post("/lookup", {"kind": "02", "number": number}, desk.clerk)).json()
    assert (found["person_id"], found["name"], found["phone"]) == (person, "欧阳**", "138****0000")
    assert number not in str(found)
    opened = await desk.post(f"/{person}/opening", {"reason": "核对身份"}, desk.clerk)
    assert (opened.json()["name"], opened.json()["document_number"]) == ("欧阳锋锋", number)
    unreasoned = await desk.post(f"/{person}/opening", {}, desk.clerk)
    assert (unreasoned.status_code, unreasoned.json()["code"]) == (422, "reason-needed")
    numbered = await desk.post(f"/{person}/opening", {"reason": f"查 {number}"}, desk.clerk)
    assert numbered.status_code == 422
    assert str(number) not in numbered.text
    missed = await desk.post("/lookup", {"kind": "01", "number": elsewhere()}, desk.clerk)
    assert (missed.status_code, missed.json()["code"]) == (404, "person-not-found")


async def test_everybody_of_a_phone_is_found_masked_and_can_read_that(desk: Desk, database: Database) -> None:
    family = {await desk.registered(phone="+86 138-5555-0000") for _ in range(2)}
    found = await desk.post("/lookup/phone", {"phone": "13855550000"}, desk.clerk)
    assert {one["person_id"] for one in found.json()} == family
    assert all("*" in one["name"] for one in found.json())
    for person in family:
        assert (await deeds_of(database, UUID(person)))[0] == ("people.looked-up", "done")
    assert (await desk.post("/lookup/phone", {"phone": "13855550009"}, desk.clerk)).json() == []
    assert (await desk.post("/lookup/phone", {"phone": "abcdef"}, desk.clerk)).status_code == 422


async def test_a_resident_sees_their_own_and_changes_their_number(desk: Desk) -> None:
    person = await desk.registered(name="王小明", phone="13844440000")
    me = desk.told.resident("me", UUID(person))
    assert (await desk.get("/me", me)).json()["name"] == "王小明"
    assert (await desk.put(f"/{person}/phone", {"phone": "13844440001"}, me)).status_code == 204
    assert (await desk.get("/me", me)).json()["phone"] == "13844440001"
    stranger = desk.told.resident("stranger", UUID(await desk.registered()))
    refused = await desk.put(f"/{person}/phone", {"phone": "13844440002"}, stranger)
    missed = await desk.put(f"/{uuid4()}/phone", {"phone": "13844440002"}, stranger)
    strip = {"request_id"}
    assert refused.status_code == missed.status_code == 404
    assert {k: v for k, v in refused.json().items() if k not in strip} == {
        k: v for k, v in missed.json().items() if k not in strip
    }
    unlinked = await desk.get("/me", desk.told.resident("nobody yet", None))
    assert unlinked.status_code == 404


async def test_a_resident_claims_their_own_person(desk: Desk) -> None:
    me = desk.told.resident("newcomer", None)
    await desk.registered(name=KNOWN.name, documents=[{"kind": "01", "number": KNOWN.number}])
    body = {"name": KNOWN.name, "document": {"kind": "01", "number": KNOWN.number}}
    taken = await desk.post("/me", body, me)
    assert (taken.status_code, taken.json()["code"]) == (409, "identity-not-confirmed")
    wrong = await desk.post("/me", body | {"name": OTHER.name}, desk.told.resident("liar", None))
    assert (wrong.status_code, wrong.json()["code"]) == (409, "registry-mismatch")
    new = wish()
    fresh = await desk.post(
        "/me", {"name": new["name"], "document": new["documents"][0]}, desk.told.resident("x", None)
    )
    assert fresh.status_code == 201
    assert fresh.json()["created"] is True


async def test_corrections_death_and_withdrawal_over_http(desk: Desk) -> None:
    person = await desk.registered(name="赵大")
    fixed = await desk.post(f"/{person}/corrections", {"name": "赵达", "evidence": "身份证原件"}, desk.city)
    assert (fixed.status_code, fixed.json()["version"]) == (201, 2)
    [told] = (await desk.get("/me/corrections", desk.told.resident("zhao", UUID(person)))).json()
    assert (told["fields"], told["evidence"], told["version"]) == (["name"], "身份证原件", 2)
    assert "赵" not in str(told)
    stale = await desk.post(f"/{person}/corrections", {"name": "赵打", "evidence": "x", "version": 1}, desk.city)
    assert (stale.status_code, stale.json()["code"]) == (409, "person-changed")
    assert (await desk.post(f"/{person}/corrections", {"name": "赵打", "evidence": "x"}, desk.clerk)).status_code == 403
    certificate = {"kind": "03", "number": "E55667788", "issuer": "CHN"}
    assert (await desk.post(f"/{person}/documents", certificate, desk.clerk)).status_code == 201
    wrong = await desk.post(f"/{person}/documents", {"kind": "03", "number": "E1"}, desk.clerk)
    assert {fault["pointer"] for fault in wrong.json()["errors"]} == {"#/number"}
    death = {"died_on": "2026-01-01", "evidence": "死亡证明"}
    assert (await desk.put(f"/{person}/death", death, desk.city)).status_code == 204
    assert (await desk.put(f"/{person}/death", death, desk.city)).json()["code"] == "already-deceased"
    assert (await desk.post(f"/{person}/death/undoing", {"evidence": "认错人"}, desk.city)).status_code == 204
    assert (await desk.post(f"/{person}/withdrawal", {"evidence": "开错人"}, desk.city)).status_code == 204
    assert (await desk.post(f"/{person}/withdrawal", {"evidence": "开错人"}, desk.city)).json()["code"] == "person-gone"


async def test_patient_numbers_over_http(desk: Desk) -> None:
    person, other = await desk.registered(), await desk.registered()
    assert (await desk.put(f"/{person}/local-numbers", {"number": "W-1"}, desk.clerk)).status_code == 204
    assert (await desk.put(f"/{other}/local-numbers", {"number": "W-1"}, desk.clerk)).json()[
        "code"
    ] == "local-number-taken"
    assert (await desk.post("/local-numbers/lookup", {"number": "W-1"}, desk.clerk)).json() == {"person_id": person}
    assert (await desk.post(f"/{person}/local-numbers/unlinking", {"number": "W-1"}, desk.clerk)).status_code == 204
    history = (await desk.get(f"/{person}/local-numbers", desk.clerk)).json()
    assert [(line["number"], line["what"]) for line in history] == [("W-1", "unlinked"), ("W-1", "linked")]
    gone = await desk.post("/local-numbers/lookup", {"number": "W-1"}, desk.clerk)
    assert (gone.status_code, gone.json()["code"]) == (404, "local-number-not-found")


async def test_a_child_asks_for_an_elder_who_agrees_and_takes_it_back(desk: Desk) -> None:
    body = wish(name="李爷爷")
    elder = (await desk.post("", body, desk.clerk)).json()["person_id"]
    child = await desk.registered(name="李小孙")
    me, them = desk.told.resident("child", UUID(child)), desk.told.resident("elder", UUID(elder))
    ask = {"name": "李爷爷", "document": body["documents"][0], "relation": "child", "scopes": ["identity", "card"]}
    grant = (await desk.post("/me/kept", ask, me)).json()
    assert grant["state"] == "asked"
    [asked] = (await desk.get("/me/keepers", them)).json()
    assert (asked["id"], asked["name"]) == (grant["id"], "李**")
    assert (await desk.post(f"/{elder}/opening", {}, me)).status_code == 404
    assert (await desk.post(f"/{elder}/grants/{grant['id']}/acceptance", {}, them)).json()["state"] == "accepted"
    assert (await desk.post(f"/{elder}/opening", {}, me)).json()["name"] == "李爷爷"
    [kept] = (await desk.get("/me/kept", me)).json()
    assert kept["state"] == "accepted"
    ended = await desk.client.delete(f"/api/v1/people/{elder}/grants/{grant['id']}", headers=them)
    assert ended.status_code == 204
    assert (await desk.post(f"/{elder}/opening", {}, me)).status_code == 404
    assert (await desk.get("/me/kept", me)).json() == []


async def test_a_counter_lets_somebody_act_and_a_consent_is_given(desk: Desk) -> None:
    elder, carer = await desk.registered(), await desk.registered()
    terms = {"keeper_id": carer, "relation": "carer", "scopes": ["consents"], "last_day": "2027-06-30"}
    unproven = await desk.post(f"/{elder}/grants", terms, desk.clerk)
    assert unproven.status_code == 422
    granted = await desk.post(f"/{elder}/grants", terms | {"evidence": "双方到场"}, desk.clerk)
    assert (granted.status_code, granted.json()["state"]) == (201, "accepted")
    consent = {"purpose": "research.diabetes", "text_version": "1", "days": 30, "channel": "app"}
    me, them = desk.told.resident("carer", UUID(carer)), desk.told.resident("kept", UUID(elder))
    given = await desk.post(f"/{elder}/consents", consent, me)
    assert given.status_code == 201
    [listed] = (await desk.get("/me/consents", them)).json()
    assert listed["id"] == given.json()["id"]
    gone = await desk.client.delete(f"/api/v1/people/{elder}/consents/{listed['id']}", headers=them)
    assert gone.status_code == 204
    assert (await desk.get("/me/consents", them)).json()[0]["withdrawn_at"] is not None


async def test_a_newborn_and_a_merge_over_http(desk: Desk) -> None:
    mother = await desk.registered(documents=[{"kind": "01", "number": elsewhere(male=False, born=date(1996, 5, 1))}])
    birth = {"mother_id": mother, "born_at": "2026-11-20T08:30:00+08:00"}
    first = await desk.post("", {"sex": "2", "birth": birth}, desk.clerk)
    again = await desk.post("", {"sex": "2", "birth": birth}, desk.clerk)
    assert (first.json()["created"], again.json()["created"]) == (True, False)
    unknown = await desk.post("", {"birth": birth | {"mother_id": str(uuid4())}}, desk.clerk)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "mother-not-found")
    other = await desk.registered()
    merged = await desk.post(f"/{other}/merge", {"into_id": mother, "reason": "同一人"}, desk.city)
    assert merged.json() == {"person_id": mother}
    parted = await desk.client.delete(f"/api/v1/people/{other}/merge", headers=desk.city)
    assert parted.status_code == 204


async def test_accounts_are_tied_and_untied_at_a_counter(desk: Desk) -> None:
    person, account = await desk.registered(), str(new_id())
    assert (await desk.put(f"/{person}/account", {"account_id": account}, desk.city)).status_code == 200
    for status in (204, 404):
        untied = await desk.client.delete(f"/api/v1/people/{person}/account", headers=desk.city)
        assert untied.status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("POST", "/lookup"),
        ("GET", "/me"),
        ("POST", "/me"),
        ("GET", "/me/kept"),
        ("GET", "/me/consents"),
        ("POST", f"/{UUID(int=1)}/opening"),
        ("POST", f"/{UUID(int=1)}/corrections"),
        ("POST", f"/{UUID(int=1)}/withdrawal"),
        ("POST", f"/{UUID(int=1)}/merge"),
        ("PUT", f"/{UUID(int=1)}/death"),
        ("PUT", f"/{UUID(int=1)}/account"),
    ],
)
async def test_guests_and_the_wrong_scope_get_nowhere(desk: Desk, method: str, path: str) -> None:
    nobody = await desk.client.request(method, f"/api/v1/people{path}", json={})
    scanner = await desk.client.request(
        method, f"/api/v1/people{path}", json={}, headers=desk.told.staff("scanner", "cards.verify")
    )
    assert (nobody.status_code, scanner.status_code) == (401, 403)
