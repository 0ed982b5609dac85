"""What the province refuses, over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fixtures.http import served
from province.cities import APP_ID, City

from healthcloud import province
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

OPERATOR = Caller(CallerKind.STAFF, new_id(), frozenset({"jobs.manage"}))
ELSEWHERE = Caller(CallerKind.STAFF, new_id(), frozenset({"figures.read"}), institution_id=new_id())
REFUSED, SENDING = "/api/v1/province/refused", "/api/v1/province/refused/sending"


class ByHeader:
    """Knows the two of this test by a header."""

    async def authenticate(self, credentials: Credentials) -> Caller:
        known = {"operator": OPERATOR, "elsewhere": ELSEWHERE}
        return known.get(credentials.headers.get("x-test-caller", ""), GUEST)


@pytest.fixture
async def http(city: City) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(), city.database, ByHeader(), api=[province.router])
    async with served(app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        client.headers["x-test-caller"] = "operator"
        yield client


async def test_refused_uses_are_paged_and_sent_again(city: City, http: httpx.AsyncClient) -> None:
    await city.at.put("/organisations", json={APP_ID: {"steps": ["010103"]}})
    await city.used(3)
    await city.run()
    first = (await http.get(REFUSED, params={"limit": 2})).json()
    second = (await http.get(REFUSED, params={"limit": 2, "cursor": first["next"]})).json()
    ids = [one["id"] for one in first["items"] + second["items"]]
    assert (len(set(ids)), second["next"]) == (3, None)
    assert {(one["code"], one["who_acts"]) for one in first["items"]} == {("00", "institution")}
    assert "card" not in str(first)
    wish = {"institution_id": str(city.place), "refused_ids": ids[:1], "reason": "已备案"}
    assert (await http.post(SENDING, json=wish)).json() == {"uses": 1}
    again = await http.post(SENDING, json=wish)
    assert (again.status_code, again.json()["code"]) == (404, "province-refused-unknown")
    assert (await http.post(SENDING, json=wish | {"refused_ids": None})).json() == {"uses": 2}
    [line] = (await http.get("/api/v1/province/usage")).json()
    assert (line["waiting"], line["refused"]) == (3, 0)


async def test_who_may_not_is_told_so(city: City, http: httpx.AsyncClient) -> None:
    await city.at.put("/organisations", json={APP_ID: {"rows_a_day": 0}})
    await city.used(1)
    await city.run()
    assert [one["error"] for one in (await http.get("/api/v1/province/holds")).json()] == ["code 00 超过当日限额"]
    assert (await http.get(REFUSED, params={"cursor": "nonsense"})).json()["code"] == "cursor-unreadable"
    elsewhere = {"x-test-caller": "elsewhere"}
    assert (await http.get("/api/v1/province/holds", headers=elsewhere)).json() == []
    wish = {"institution_id": str(city.place)}
    assert (await http.post(SENDING, json=wish, headers=elsewhere)).status_code == 403
    assert (await http.get(REFUSED, headers={"x-test-caller": ""})).status_code == 401
