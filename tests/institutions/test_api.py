"""Institutions, terminals and codes over HTTP: anybody looks, clerks enter, a browser binds itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fixtures.callers import Gullible, city_of
from fixtures.http import calling
from institutions.entering import organisation_number, uscc, ws218

from healthcloud import institutions
from healthcloud.core.caller import Caller, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id

CLERK = {"x-test-caller": "1 institutions.manage"}


class Standing(Gullible):
    """Believes a header, and knows where the browser stands."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def authenticate(self, credentials: Credentials) -> Caller:
        caller = await super().authenticate(credentials)
        async with self._database.read() as read:
            seat = await institutions.terminal_of_token(read, credentials.cookies.get("hc_terminal", ""))
        return replace(caller, terminal_id=seat.terminal_id) if seat else caller


@pytest.fixture(scope="module")
async def site(city: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(city_of(city, *institutions.ROUTERS, authenticator=Standing(city))) as client:
        yield client


@pytest.fixture
def http(site: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser that knows nothing yet."""
    site.cookies.clear()
    return site


def clerk() -> dict[str, str]:
    return CLERK | {"idempotency-key": new_id().hex}


def body(**said: Any) -> dict[str, Any]:
    return {
        "name": "演示医院（演示）",
        "class_code": "A100",
        "ownership_code": "1",
        "district_code": "370481",
        "numbers": [{"kind": "ws218", "number": ws218()}],
    } | said


async def entered(http: httpx.AsyncClient, **said: Any) -> str:
    answer = await http.post("/api/v1/institutions", json=body(**said), headers=clerk())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["institution_id"])


async def test_what_a_clerk_enters_a_guest_finds(http: httpx.AsyncClient) -> None:
    number, code = uscc(), organisation_number()
    one = await entered(http, numbers=[{"kind": "uscc", "number": number}, {"kind": "organisation", "number": code}])
    told = (await http.get("/api/v1/institutions/named", params={"number": number.lower()})).json()
    assert told["institution"]["id"] == one
    assert told["numbers"] == [
        {"kind": "organisation", "number": f"{code[:8]}-{code[8]}"},
        {"kind": "uscc", "number": number},
    ]
    assert (await http.get(f"/api/v1/institutions/{one}")).json() == told
    missed = await http.get("/api/v1/institutions/named", params={"number": "KGA404"})
    assert (missed.status_code, missed.json()["code"]) == (404, "institution-unknown")


async def test_entering_again_answers_alike(http: httpx.AsyncClient) -> None:
    headers, one = clerk(), body()
    first = await http.post("/api/v1/institutions", json=one, headers=headers)
    replayed = await http.post("/api/v1/institutions", json=one, headers=headers)
    again = await http.post("/api/v1/institutions", json=one, headers=clerk())
    assert first.json() == replayed.json()
    assert again.json() == first.json() | {"created": False}


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        (
            {"numbers": [{"kind": "uscc", "number": "12370400MB000000AJ"}]},
            "institution-number-wrong",
            "#/numbers/0/number",
        ),
        ({"numbers": []}, "unacceptable", "#/numbers"),
        ({"class_code": "Z1"}, "code-unknown", "#/class_code"),
        ({"colour": "red"}, "unacceptable", "#/colour"),
    ],
)
async def test_what_is_wrong_is_said_in_both_languages(
    http: httpx.AsyncClient, said: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await http.post("/api/v1/institutions", json=body(**said), headers=clerk())
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert [(fault["pointer"], bool(fault["zh"])) for fault in problem["errors"]] == [(pointer, True)]


async def test_a_number_taken_names_its_institution(http: httpx.AsyncClient) -> None:
    numbers = [{"kind": "ws218", "number": ws218()}]
    one = await entered(http, numbers=numbers)
    answer = await http.post("/api/v1/institutions", json=body(numbers=numbers, name="别的医院"), headers=clerk())
    assert (answer.status_code, answer.json()["institution_id"]) == (409, one)


async def test_amending_and_closing(http: httpx.AsyncClient) -> None:
    one = await entered(http)
    said = {key: value for key, value in body(name="改名医院（演示）").items() if key != "numbers"} | {"version": 1}
    assert (await http.put(f"/api/v1/institutions/{one}", json=said, headers=CLERK)).json() == {"version": 2}
    beyond = said | {"version": 2**31}
    assert (await http.put(f"/api/v1/institutions/{one}", json=beyond, headers=CLERK)).status_code == 422
    stale = await http.put(f"/api/v1/institutions/{one}", json=said, headers=CLERK)
    assert (stale.status_code, stale.json()["code"]) == (409, "institution-changed-meanwhile")
    closing = f"/api/v1/institutions/{one}/closing"
    for _ in range(2):
        assert (await http.post(closing, json={"on": "2026-11-23"}, headers=CLERK)).status_code == 204
    assert (await http.get(f"/api/v1/institutions/{one}")).json()["institution"]["state"] == "closed"


async def test_numbers_are_added_and_withdrawn(http: httpx.AsyncClient) -> None:
    one, number = await entered(http), uscc()
    place = f"/api/v1/institutions/{one}/numbers/uscc"
    for status in (204, 204):
        assert (await http.put(place, params={"number": number}, headers=CLERK)).status_code == status
    for status in (204, 404):
        assert (await http.delete(place, params={"number": number}, headers=CLERK)).status_code == status


async def test_lists_go_on_where_the_cursor_says(http: httpx.AsyncClient) -> None:
    ours = [await entered(http, class_code="E100") for _ in range(3)]
    seen: list[str] = []
    params = {"class_code": "E", "limit": "2"}
    while True:
        page = (await http.get("/api/v1/institutions", params=params)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == ours
    wrong = await http.get("/api/v1/institutions", params={"cursor": "x"})
    assert wrong.json()["code"] == "cursor-unreadable"


async def test_a_browser_binds_itself_and_knows_where_it_stands(http: httpx.AsyncClient) -> None:
    one = await entered(http)
    place = (
        await http.post(
            f"/api/v1/institutions/{one}/departments",
            json={"code": "GH", "name": "挂号处", "standard_code": "5500"},
            headers=clerk(),
        )
    ).json()
    wish = {"name": "窗口1", "kind": "01", "scene_code": "10101", "department_id": place["id"]}
    enrolment = (await http.post(f"/api/v1/institutions/{one}/terminals", json=wish, headers=clerk())).json()
    assert (await http.get("/api/v1/terminals/here")).status_code == 404

    bound = await http.post("/api/v1/terminals/bindings", json={"code": enrolment["code"]})
    assert bound.status_code == 201
    cookie = bound.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    here = (await http.get("/api/v1/terminals/here")).json()
    assert here == bound.json()
    assert (here["terminal"]["terminal"]["id"], here["institution"]["id"]) == (enrolment["terminal_id"], one)
    assert here["terminal"]["code"].endswith("_5500")
    again = await http.post(
        "/api/v1/terminals/bindings", json={"code": enrolment["code"]}, headers={"sec-fetch-site": "same-origin"}
    )
    assert again.json()["code"] == "enrolment-code-wrong"

    terminal = f"/api/v1/terminals/{enrolment['terminal_id']}"
    same_site = CLERK | {"sec-fetch-site": "same-origin"}
    assert (await http.delete(terminal, headers=same_site)).status_code == 204
    assert (await http.get("/api/v1/terminals/here")).status_code == 404


async def test_a_terminal_is_replaced_and_its_list_kept_from_guests(http: httpx.AsyncClient) -> None:
    one = await entered(http)
    wish = {"name": "自助机1", "kind": "02", "scene_code": "010101"}
    old = (await http.post(f"/api/v1/institutions/{one}/terminals", json=wish, headers=clerk())).json()["terminal_id"]
    another = await http.post(f"/api/v1/terminals/{old}/enrolments", headers=clerk())
    assert another.json()["terminal_id"] == old
    new = (await http.post(f"/api/v1/terminals/{old}/replacement", headers=clerk())).json()["terminal_id"]
    assert (await http.put(f"/api/v1/terminals/{new}/client", json={"client_id": None}, headers=CLERK)).is_success
    listed = (await http.get(f"/api/v1/institutions/{one}/terminals", headers=CLERK)).json()["items"]
    assert [(told["terminal"]["id"], told["terminal"]["state"]) for told in listed] == [
        (old, "retired"),
        (new, "active"),
    ]
    assert (await http.get(f"/api/v1/institutions/{one}/terminals")).status_code == 401


async def test_practitioners_over_http(http: httpx.AsyncClient) -> None:
    one = await entered(http)
    place = f"/api/v1/institutions/{one}/practitioners"
    wish = {"name": "钱演示", "staff_number": "01", "started_on": "2020-01-01", "title_code": "231"}
    who = (await http.post(place, json=wish, headers=clerk())).json()["practitioner_id"]
    (told,) = (await http.get(place)).json()["items"]
    assert (told["practitioner_id"], told["name"], told["staff_number"]) == (who, "钱演示", "01")
    linked = await http.put(f"/api/v1/practitioners/{who}/accounts/{new_id()}", headers=CLERK)
    assert linked.status_code == 204
    ended = await http.delete(f"{place}/{who}", params={"on": "2026-11-23"}, headers=CLERK)
    assert ended.status_code == 204


async def test_code_sets_are_public(http: httpx.AsyncClient) -> None:
    names = [one["name"] for one in (await http.get("/api/v1/codes")).json()]
    assert {"ethnic-group", "med-step", "division", "institution-class"} <= set(names)
    first = (await http.get("/api/v1/codes/ethnic-group", params={"limit": "50"})).json()
    rest = (await http.get("/api/v1/codes/ethnic-group", params={"cursor": first["codes"]["next"]})).json()
    assert len(first["codes"]["items"]) + len(rest["codes"]["items"]) == 58
    han = (await http.get("/api/v1/codes/ethnic-group/01")).json()
    assert (han["label"], han["label_en"], han["attributes"]) == ("汉族", "Han", {"letters": "HA"})
    for missing in ("ethnic-group/99", "no-such-set", "ethnic-group?on=1900-01-01"):
        assert (await http.get(f"/api/v1/codes/{missing}")).json()["code"] == "code-set-unknown"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/institutions"),
        ("PUT", "/institutions/{id}"),
        ("POST", "/institutions/{id}/departments"),
        ("POST", "/institutions/{id}/practitioners"),
        ("POST", "/institutions/{id}/terminals"),
        ("DELETE", "/terminals/{id}"),
    ],
)
async def test_entering_needs_its_scope(http: httpx.AsyncClient, method: str, path: str) -> None:
    url = f"/api/v1{path}".format(id=UUID(int=1))
    assert (await http.request(method, url, json={})).status_code == 401
    scanning = {"x-test-caller": "1 cards.verify"}
    assert (await http.request(method, url, json={}, headers=scanning)).status_code == 403
