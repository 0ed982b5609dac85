"""The figures' pages and their live numbers, over real HTTP."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from web.using import Past

from healthcloud import access, audit, figures, web
from healthcloud.core.caller import SYSTEM
from healthcloud.server.processes.worker import Server, application_of
from healthcloud.web.console.figures import live, pulse

LIVE = "/console/figures/live"
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def past(clinic: Any, tmp_path: Path) -> Past:
    return Past(clinic, tmp_path)


async def test_each_sees_their_own_figures(clinic: Any, past: Past) -> None:
    await past.use(1)
    await past.use(2)
    operator, manager = await clinic.signed_in("operator"), await clinic.signed_in("manager1")
    city, own = (await operator.get("/console/figures")).text, (await manager.get("/console/figures")).text
    assert clinic.loaded.hospitals[2].name in city
    assert clinic.loaded.hospitals[2].name not in own
    assert "/console/figures/cards-normal" in city
    assert "/console/figures/cards-normal" not in own
    assert (await manager.get("/console/figures/cards-normal")).status_code == 404
    assert (await (await clinic.signed_in("audit")).get("/console/figures")).status_code == 403
    assert (await clinic.browser().get("/console/figures")).headers["location"].startswith("/staff/sign-in")


async def test_each_number_opens_definition_rows_and_freshness(clinic: Any, past: Past) -> None:
    await past.use(1)
    operator = await clinic.signed_in("operator")
    overview = (await operator.get("/console/figures")).text
    for definition in figures.DEFINITIONS:
        assert f'href="/console/figures/{definition.code}"' in overview
        page = await operator.get(f"/console/figures/{definition.code}")
        assert page.status_code == 200
        for told in (definition.name, definition.numerator, definition.exclusions):
            assert told.zh in page.text
        assert "<time datetime=" in page.text
        rows = await operator.get(f"/console/figures/{definition.code}/rows")
        of_uses = definition.figure in (figures.Figure.USES, figures.Figure.ACTIVE)
        assert rows.status_code == (404 if of_uses else 200)
    uses = await operator.get("/console/figures/uses")
    assert clinic.loaded.hospitals[1].name in uses.text
    assert (await operator.get("/console/figures/uses?hour=x")).status_code == 422
    english = await operator.get("/console/figures/uses-today", headers={"Cookie": _english(operator)})
    assert "Uses today" in english.text


def _english(browser: httpx.AsyncClient) -> str:
    return "; ".join([*(f"{one.name}={one.value}" for one in browser.cookies.jar), "hc_language=en"])


async def test_names_behind_a_figure_are_masked_and_a_deed(clinic: Any, past: Past) -> None:
    holder = await clinic.card_of(60)
    await past.count()
    operator, manager = await clinic.signed_in("operator"), await clinic.signed_in("manager1")
    page = await operator.get("/console/figures/cards-issued/rows?names=yes")
    assert "*" in page.text
    async with clinic.city.database.read() as read:
        deeds = await audit.deeds_about(read, [holder.person_id], limit=1)
    assert deeds[0].deed == "figures.person-seen"
    assert (await manager.get("/console/figures/cards-issued/rows?names=yes")).status_code == 403


@asynccontextmanager
async def stream(browser: httpx.AsyncClient, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """Listen to the live numbers: each event as its fields."""
    async with browser.stream("GET", LIVE, headers=STREAM | headers, timeout=20) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")

        async def events() -> AsyncIterator[dict[str, str]]:
            fields: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if not line and fields:
                    yield fields
                    fields = {}
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value

        yield events()


async def event(events: AsyncIterator[dict[str, str]], *, kind: str = "figures") -> dict[str, str]:
    """Return the next event of this kind."""
    async with asyncio.timeout(15):
        async for one in events:
            if one.get("event") == kind:
                return one
    raise AssertionError(kind)


async def test_numbers_come_as_they_change_and_only_what_was_not_shown(clinic: Any, past: Past) -> None:
    operator = await clinic.signed_in("operator")
    await past.count()
    async with stream(operator) as events:
        first = await event(events)
        await past.use(1)
        second = await event(events)
    assert first["id"] != second["id"]
    html = json.loads(second["data"])["html"]
    assert 'href="/console/figures/uses-today"' in html
    assert "<html" not in html
    async with stream(operator, **{"Last-Event-ID": second["id"]}) as events:
        await past.use(1)
        third = await event(events)
    assert third["id"] not in (first["id"], second["id"])


async def test_a_browser_without_streams_asks(clinic: Any, past: Past) -> None:
    manager = await clinic.signed_in("manager1")
    await past.count()
    first = (await manager.get(LIVE)).json()
    again = (await manager.get(LIVE, params={"after": first["state"]})).json()
    if again["state"] == first["state"]:
        assert again["html"] is None
    await past.use(1)
    await asyncio.sleep(pulse.LOOK_SECONDS)
    later = (await manager.get(LIVE, params={"after": first["state"]})).json()
    assert clinic.loaded.hospitals[2].name not in later["html"]
    assert "/console/figures/uses-today" in later["html"]


async def test_who_may_not_see_figures_gets_no_stream(clinic: Any) -> None:
    assert (await clinic.browser().get(LIVE, headers=STREAM)).status_code == 401
    assert (await (await clinic.signed_in("audit")).get(LIVE, headers=STREAM)).status_code == 403


async def test_a_stream_ends_with_its_session(clinic: Any, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SESSION_SECONDS", 0.2)
    database = clinic.city.database
    browser = clinic.browser()
    clerk = next(one for one in clinic.loaded.staff if one.login == "manager1")
    async with database.read() as read:
        [account] = [one for one in await access.staff.staff_of(read, SYSTEM, limit=200) if one.login == clerk.login]
    copied = await clinic.signed_in("manager1")
    browser.cookies.update(copied.cookies)
    await past.count()
    async with stream(browser) as events:
        await event(events)
        await database.transact(lambda tx: access.sessions.end_all_sessions(tx, SYSTEM, account.id, "a test", but=None))
        assert json.loads((await event(events, kind="end"))["data"]) == {"why": "session"}
    clinic.signed.pop("manager1")


async def test_a_heart_beats_while_nothing_changes(clinic: Any, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    operator = await clinic.signed_in("operator")
    await past.count()
    async with operator.stream("GET", LIVE, headers=STREAM, timeout=20) as answer, asyncio.timeout(15):
        async for line in answer.aiter_lines():
            if line == ": beat":
                break


async def test_there_are_only_so_many_streams(clinic: Any, past: Past) -> None:
    await past.count()
    few = pulse.Pulse(clinic.city.database, most=1)
    few.enter()
    with pytest.raises(pulse.TooManyStreams):
        few.enter()
    few.leave()
    few.enter()


async def test_streams_end_when_their_worker_does(clinic: Any, past: Past) -> None:
    operator = await clinic.signed_in("operator")
    await past.count()
    application = application_of(clinic.city)
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(
        uvicorn.Config(application, log_config=None, ws="none", lifespan="off", timeout_graceful_shutdown=10),
        application,
    )
    running = asyncio.create_task(server.serve([listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with (
        httpx.AsyncClient(base_url=url, cookies=operator.cookies, trust_env=False) as browser,
        stream(browser) as events,
    ):
        await event(events)
        server.should_exit = True
        async with asyncio.timeout(5):
            assert [one async for one in events if one.get("event") == "figures"] == []
            await running
    assert web.end_streams is pulse.end_streams
