"""An audit administrator searches deeds over HTTP; nobody else does."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from healthcloud import audit
from healthcloud.core.caller import GUEST, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

audit.declare(audit.DeedKind("test.api", zh="接口试验", en="An interface was tested."))

AUDITOR = Caller(CallerKind.STAFF, new_id(), frozenset({"audit.read"}))
CLERK = Caller(CallerKind.STAFF, new_id(), frozenset({"cards.verify"}))
CALLERS = {"auditor": AUDITOR, "clerk": CLERK}


class ByHeader:
    """Takes the caller from a header, so that a test can be anybody."""

    async def authenticate(self, credentials: Credentials) -> Caller:
        return CALLERS.get(credentials.headers.get("x-caller", ""), GUEST)


@pytest.fixture
async def http(database: Database, serve: Callable[[Any], Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    app = create_app(Settings(), database, ByHeader(), api=(audit.router,))
    return await serve(app)


async def test_only_an_auditor_searches(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/audit/deeds")).status_code == 401
    refused = await http.get("/api/v1/audit/deeds", headers={"x-caller": "clerk"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"


async def test_deeds_come_in_pages_with_their_sentences(database: Database, http: httpx.AsyncClient) -> None:
    for _ in range(5):
        await database.transact(lambda tx: audit.record(tx, CLERK, "test.api", new_id()))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        query = {"deed": "test.api", "actor": str(CLERK.account_id), "limit": "2"}
        answer = await http.get(
            "/api/v1/audit/deeds",
            params=query | ({"cursor": cursor} if cursor else {}),
            headers={"x-caller": "auditor"},
        )
        page = answer.json()
        assert [item["zh"] for item in page["items"]] == ["接口试验"] * len(page["items"])
        seen += [item["deed"]["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(set(seen)) == 5
    assert cursor is None


async def test_a_foreign_cursor_is_a_clear_error(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/v1/audit/deeds", params={"cursor": "abc"}, headers={"x-caller": "auditor"})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor-unreadable")


async def test_the_chain_tells_how_far_behind_the_sealer_is(http: httpx.AsyncClient) -> None:
    state = (await http.get("/api/v1/audit/chain", headers={"x-caller": "auditor"})).json()
    assert state["blocks"] == 0
    assert state["lag_seconds"] >= 0
