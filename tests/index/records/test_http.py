"""Records over HTTP: an institution's own only, once for a key, each answered at its place."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fixtures.http import calling
from people.makers import deeds_of, next_number

from healthcloud import index
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

PATH = "/api/v1/index/records"


class Told:
    """`X-Caller: <name>` is the machine of the institution of that name; `nobody` may hand nothing in."""

    def __init__(self) -> None:
        self._callers: dict[str, Caller] = {}

    async def authenticate(self, credentials: Credentials) -> Caller:
        name = credentials.headers.get("x-caller")
        if name is None:
            return GUEST
        scopes = frozenset[str]() if name == "nobody" else frozenset({"index.submit"})
        made = Caller(CallerKind.CLIENT, new_id(), scopes, institution_id=new_id())
        return self._callers.setdefault(name, made)


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(), database, Told(), api=index.ROUTERS, root=())
    async with calling(app) as visitor:
        yield visitor


async def post(
    client: httpx.AsyncClient, body: Any, caller: str = "one", path: str = "", key: str | None = None
) -> httpx.Response:
    return await client.post(
        PATH + path, json=body, headers={"X-Caller": caller, "Idempotency-Key": key or uuid4().hex}
    )


def wish(number: str, **changes: object) -> dict[str, object]:
    return {"number": number, "name": "欧阳小花", "document_number": next_number(male=False)} | changes


async def test_each_record_is_answered_at_its_place(client: httpx.AsyncClient) -> None:
    answer = await post(client, {"records": [wish("A1"), {"number": "A2"}, wish("A3", sex="女")]})
    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert [one["outcome"] for one in (first, second, third)] == ["new", "refused", "new"]
    assert (first["card_status"], second["problem"]["code"]) == (4, "index-record-unreadable")
    assert [one["pointer"] for one in second["problem"]["errors"]] == ["#/written/name"]


async def test_the_same_request_twice_is_answered_alike(client: httpx.AsyncClient) -> None:
    body, key = {"records": [wish("B1")]}, "the-same-key"
    first, again = await post(client, body, key=key), await post(client, body, key=key)
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert (await post(client, {"records": [wish("B2")]}, key=key)).status_code == 422
    assert (await post(client, body)).json()["results"][0]["outcome"] == "unchanged"


async def test_a_number_is_looked_up_by_its_own_institution(client: httpx.AsyncClient, database: Database) -> None:
    made = (await post(client, {"records": [wish("C1")]})).json()["results"][0]
    found = (await post(client, {"number": " C1 "}, path="/lookup")).json()
    assert (found["person_id"], found["state"], found["card_status"]) == (made["person_id"], "placed", 4)
    assert ("index.looked-up", "done") in await deeds_of(database, made["person_id"])
    missing = await post(client, {"number": "C1"}, caller="another", path="/lookup")
    assert (missing.status_code, missing.json()["code"]) == (404, "index-record-not-found")


async def test_who_may_not_hand_in_is_refused(client: httpx.AsyncClient) -> None:
    assert (await post(client, {"records": [wish("D1")]}, caller="nobody")).status_code == 403
    assert (await post(client, {"records": []})).status_code == 422
    assert (await post(client, {"records": [wish(f"D{n}") for n in range(101)]})).status_code == 422
