"""The review queue over HTTP: scopes, keys, the way of a question from the list to its undoing."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fixtures.http import calling
from index.questions.working import ask_about, settle, two_alike
from people.makers import a_person

from healthcloud import index
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app


class Clerks:
    """`X-Clerk: <name>` is a reviewer of that name; nobody else may anything."""

    def __init__(self) -> None:
        self.known: dict[str, Caller] = {}

    async def authenticate(self, credentials: Credentials) -> Caller:
        name = credentials.headers.get("x-clerk")
        if name is None:
            return GUEST
        scopes = frozenset({"index.review"}) if name != "desk" else frozenset({"people.open"})
        return self.known.setdefault(name, Caller(CallerKind.STAFF, new_id(), scopes))


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(), database, Clerks(), api=index.ROUTERS, root=())
    async with calling(app) as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, body: Any = None, clerk: str = "first") -> httpx.Response:
    headers = {"X-Clerk": clerk, "Idempotency-Key": uuid4().hex}
    if body is None:
        return await client.post(f"/api/v1/index{path}", headers=headers)
    return await client.post(f"/api/v1/index{path}", json=body, headers=headers)


async def test_a_question_from_the_list_to_its_undoing(client: httpx.AsyncClient, database: Database) -> None:
    alike = await two_alike(database)
    listed = await client.get("/api/v1/index/questions", params={"limit": 200}, headers={"X-Clerk": "first"})
    assert listed.status_code == 200, listed.text
    [waiting] = [one for one in listed.json()["items"] if one["id"] == str(alike.question_id)]
    assert (waiting["kind"], waiting["records"], waiting["source_id"]) == ("pair", 2, str(alike.source_id))
    path = f"/questions/{alike.question_id}"
    shown = (await post(client, f"{path}/open", {"reason": "核对"})).json()
    assert {side["person_id"] for side in shown["sides"]} == {str(alike.person_id), None}
    assert shown["consequences"][0]["zh"]
    taken = await post(client, f"{path}/answer", {"verdict": "same", "reason": "是一人"}, "second")
    assert (taken.status_code, taken.json()["code"]) == (409, "index-question-taken")
    done = await post(client, f"{path}/answer", {"verdict": "same", "reason": "电话核实"})
    assert (done.status_code, done.json()["state"]) == (201, "closed"), done.text
    golden = await post(client, f"/persons/{alike.person_id}/golden", {"reason": "核对来源"})
    assert {one["field"] for one in golden.json()["fields"]} >= {"name", "sex", "birth_date", "document"}
    undo = {"decision_id": done.json()["decision_id"], "reason": "本人否认"}
    assert (await post(client, f"{path}/undo", undo)).json()["state"] == "open"
    history = await client.get("/api/v1/index/decisions", headers={"X-Clerk": "first"})
    assert history.json()["items"][0]["undone_reason"] == "本人否认"


async def test_a_merge_takes_two_over_http_too(client: httpx.AsyncClient, database: Database) -> None:
    one, other = await a_person(database), await a_person(database)
    await settle(database)
    path = f"/questions/{await ask_about(database, one, other)}"
    proposed = await post(client, f"{path}/answer", {"verdict": "same", "reason": "照片一致"})
    assert (proposed.json()["waits"], proposed.json()["state"]) == (True, "proposed")
    assert (await post(client, f"{path}/confirm")).json()["code"] == "index-own-merge"
    assert (await post(client, f"{path}/decline", {"reason": "再核"}, "second")).json()["state"] == "open"
    await post(client, f"{path}/answer", {"verdict": "same", "reason": "照片一致"})
    assert (await post(client, f"{path}/confirm", clerk="second")).json()["state"] == "closed"


async def test_who_may_and_what_is_not_there(client: httpx.AsyncClient) -> None:
    path = f"/questions/{uuid4()}"
    assert (await client.get("/api/v1/index/questions")).status_code == 401
    assert (await post(client, f"{path}/open", {}, "desk")).status_code == 403
    assert (await post(client, f"{path}/open", {})).json()["code"] == "index-question-not-found"
    wrong = await post(client, f"{path}/answer", {"verdict": "perhaps", "reason": "x"})
    assert wrong.status_code == 422
    nobody = await post(client, f"/persons/{uuid4()}/split", {"record_ids": [str(uuid4())], "reason": "x"})
    assert nobody.json()["code"] == "person-not-found"
    assert (await post(client, f"/persons/{uuid4()}/golden", {"reason": "x"})).json()["code"] == "person-not-found"
