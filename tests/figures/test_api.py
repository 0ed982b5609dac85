"""Figures over HTTP, held to their document."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cards.scanning import Callers, Town
from figures.counting import OPERATOR, Counted, manager_of
from fixtures.http import served

from healthcloud import access, cards, figures
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

FIGURES = "/api/v1/figures"
ADMINISTRATOR = Caller(CallerKind.STAFF, new_id(), frozenset({"jobs.manage"}))


class Asking:
    """Asks the figures' routes as somebody."""

    def __init__(self, http: httpx.AsyncClient, callers: Callers) -> None:
        self._http = http
        self._callers = callers

    async def get(self, caller: Caller, path: str = "", **query: Any) -> httpx.Response:
        return await self._http.get(FIGURES + path, params=query, headers=self._callers.header(caller))

    async def post(self, caller: Caller, path: str, key: str) -> httpx.Response:
        headers = self._callers.header(caller) | {"Idempotency-Key": key}
        return await self._http.post(FIGURES + path, json={}, headers=headers)


@pytest.fixture(scope="module")
async def asking(served_town: Town) -> AsyncIterator[Asking]:
    settings, database = Settings(), served_town.database
    callers = Callers(access.AccessAuthenticator(database, access.AccessPolicy.of(settings)))
    app = create_app(settings, database, callers, api=(figures.router,))
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http,
    ):
        yield Asking(http, callers)


async def _one_use(counted: Counted) -> None:
    town = counted.town
    holder = await town.holder()
    await town.scan(town.code(holder.card), town.here)
    await town.database.transact(lambda tx: cards.freeze(tx, holder.caller, None))
    await counted.count()


async def test_every_figure_with_definition_and_freshness(counted: Counted, asking: Asking) -> None:
    await _one_use(counted)
    city = (await asking.get(OPERATOR)).json()
    own = (await asking.get(manager_of(counted.town.here.id))).json()
    assert {one["definition"]["code"] for one in city["figures"]} == {one.code for one in figures.DEFINITIONS}
    assert own["institution_id"] == str(counted.town.here.id)
    assert sum(own["hours"]) == own["days"][-1]["count"] >= 1
    assert len(own["days"]) == 7
    assert own["institutions"] == own["districts"] == []
    assert datetime.now(UTC) >= datetime.fromisoformat(city["standing"]["as_of"])
    detail = (await asking.get(OPERATOR, "/cards-normal")).json()
    assert detail["figure"]["definition"]["name"]["zh"] == "正常卡"
    assert {one["key"] for one in detail["keys"]} >= {"2"}


async def test_rows_by_pages(counted: Counted, asking: Asking) -> None:
    await _one_use(counted)
    await _one_use(counted)
    since = counted.town.now.isoformat()
    first = (await asking.get(OPERATOR, "/uses", since=since, limit=1)).json()
    second = (await asking.get(OPERATOR, "/uses", since=since, limit=1, cursor=first["next"])).json()
    assert first["items"][0] != second["items"][0] or first["next"] != second["next"]
    assert {"person_id", "card_id", "name"}.isdisjoint(first["items"][0])
    deeds = (await asking.get(OPERATOR, "/card-changes-today/deeds", limit=1)).json()
    again = (await asking.get(OPERATOR, "/card-changes-today/deeds", limit=1, cursor=deeds["next"])).json()
    assert deeds["items"][0]["key"] == again["items"][0]["key"] == "frozen"
    assert "subject_id" not in deeds["items"][0]
    assert (await asking.get(OPERATOR, "/uses-today/deeds")).status_code == 404
    assert (await asking.get(OPERATOR, "/nothing")).status_code == 404
    assert (await asking.get(OPERATOR, "/uses", since=since, cursor="x")).status_code == 422


async def test_only_the_system_administrator_checks_and_rebuilds(counted: Counted, asking: Asking) -> None:
    await _one_use(counted)
    assert (await asking.get(OPERATOR, "/check")).status_code == 403
    assert (await asking.post(OPERATOR, "/count/rebuild", new_id().hex)).status_code == 403
    assert (await asking.get(ADMINISTRATOR)).status_code == 403
    verdict = (await asking.get(ADMINISTRATOR, "/check")).json()
    assert verdict["differences"] == []
    key = new_id().hex
    begun = await asking.post(ADMINISTRATOR, "/count/rebuild", key)
    assert begun.status_code == 201
    assert (await asking.post(ADMINISTRATOR, "/count/rebuild", key)).json() == begun.json()
    assert (await asking.post(ADMINISTRATOR, "/count/rebuild", new_id().hex)).status_code == 409
