"""Who calls is proven once per request, and a route's need is checked before anything else it does."""

import httpx
from fastapi import APIRouter
from fixtures.callers import Gullible, city_of
from fixtures.http import Serve
from pydantic import BaseModel

from healthcloud.core.db import Database
from healthcloud.core.http import CallerIn, needs, needs_nothing

router = APIRouter(prefix="/things", tags=["things"])
done: list[str] = []


class Wish(BaseModel):
    phone: str


@router.post("/{thing}", dependencies=[needs("things.make", "things.all")])
async def make(thing: int, wish: Wish, caller: CallerIn) -> str:
    done.append(f"{thing} {wish.phone}")
    return str(caller.account_id.int)


@router.get("/open", dependencies=[needs_nothing("a test")])
async def open_to_all() -> str:
    return "open"


@router.get("/address", dependencies=[needs_nothing("a test")])
async def address(caller: CallerIn) -> str:
    return caller.kind.value


async def post(
    client: httpx.AsyncClient, caller: str | None, path: str = "1", body: str = '{"phone":"1"}'
) -> httpx.Response:
    headers = {"Content-Type": "application/json"} | ({} if caller is None else {"X-Test-Caller": caller})
    return await client.post(f"/api/v1/things/{path}", content=body, headers=headers)


async def test_one_of_the_declared_scopes_lets_a_caller_in(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, router))
    assert (await post(client, "7 things.make")).json() == "7"
    assert (await post(client, "8 other things.all")).json() == "8"


async def test_nobody_and_somebody_without_the_scope_are_refused_before_the_route_runs(
    database: Database, serve: Serve
) -> None:
    client = await serve(city_of(database, router))
    done.clear()
    nobody = await post(client, None)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    assert nobody.headers["www-authenticate"].startswith("HC1-HMAC-SM3")
    without = await post(client, "7 other")
    assert (without.status_code, without.json()["code"]) == (403, "forbidden")
    assert done == []


async def test_a_stranger_learns_nothing_of_a_route_by_sending_it_wrong_fields(
    database: Database, serve: Serve
) -> None:
    client = await serve(city_of(database, router))
    assert (await post(client, None, path="x", body="{}")).status_code == 401
    assert (await post(client, "7 other", path="x", body="{}")).status_code == 403
    assert (await post(client, "7 things.make", path="x", body="{}")).status_code == 422


async def test_a_wrong_proof_is_refused_where_a_caller_is_asked_for(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, router))
    wrong = {"X-Test-Caller": "wrong"}
    assert (await client.get("/api/v1/things/address", headers=wrong)).status_code == 401
    assert (await client.get("/api/v1/things/open", headers=wrong)).json() == "open"


async def test_the_authenticator_is_asked_once_and_sees_what_was_signed(database: Database, serve: Serve) -> None:
    # Given a route that both needs a scope and asks who calls
    gullible = Gullible()
    client = await serve(city_of(database, router, authenticator=gullible))
    # When a request with a query, escapes and a body arrives
    answer = await client.post(
        "/api/v1/things/1?b=2&a=%E5%BC%A0",
        content='{ "phone" : "1" }',
        headers={"X-Test-Caller": "7 things.make", "Content-Type": "application/json", "X-Mixed": "Case"},
    )
    assert answer.status_code == 200, answer.text
    # Then it is proven once, over the raw target and the very bytes of the body
    (seen,) = gullible.seen
    assert seen.method == "POST"
    assert seen.target == "/api/v1/things/1?b=2&a=%E5%BC%A0"
    assert seen.body == b'{ "phone" : "1" }'
    assert seen.headers["x-mixed"] == "Case"
    assert seen.address == "127.0.0.1"


async def test_cookies_reach_the_authenticator(database: Database, serve: Serve) -> None:
    gullible = Gullible()
    client = await serve(city_of(database, router, authenticator=gullible))
    await client.get("/api/v1/things/address", headers={"Cookie": "hc_session=a1; hc_terminal=b2"})
    assert gullible.seen[0].cookies == {"hc_session": "a1", "hc_terminal": "b2"}


async def test_a_forwarded_address_is_believed_only_from_a_trusted_proxy(database: Database, serve: Serve) -> None:
    gullible = Gullible()
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 10.0.0.3"}
    trusting = {"trusted_proxies": ["127.0.0.0/8", "10.0.0.0/8"]}
    for settings in ({}, trusting):
        client = await serve(city_of(database, router, authenticator=gullible, **settings))
        await client.get("/api/v1/things/address", headers=forwarded)
    # The left end of the list is what anybody may write into it.
    assert [seen.address for seen in gullible.seen] == ["127.0.0.1", "198.51.100.7"]
    await client.get("/api/v1/things/address", headers={"X-Forwarded-For": "370402190001010015"})
    assert gullible.seen[-1].address == "unknown"
