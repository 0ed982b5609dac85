"""What a desk kept while the platform was away: taken with a session at a bound terminal, answered by id, once."""

from typing import Any

import httpx
import pytest

from healthcloud import cards
from healthcloud.core.errors import Unavailable
from healthcloud.core.ids import new_id

HOLDERS = iter(range(420, 460))


@pytest.fixture
async def desk(clinic: Any) -> httpx.AsyncClient:
    browser: httpx.AsyncClient = await clinic.at_desk("clerk1", 1)
    return browser


async def scan_of(clinic: Any, **changed: object) -> dict[str, object]:
    code = await clinic.code_of(await clinic.card_of(next(HOLDERS)))
    return {"id": str(new_id()), "scanned_at": clinic.city.database.clock.now().isoformat(), "code": code} | changed


async def send(browser: httpx.AsyncClient, *scans: dict[str, object]) -> httpx.Response:
    return await browser.post("/scan/late", json={"scans": list(scans)})


async def test_each_is_answered_by_its_id_and_the_second_time_is_no_other_use(
    clinic: Any, desk: httpx.AsyncClient
) -> None:
    good, forged = await scan_of(clinic), await scan_of(clinic, code="A" * 64 + ":0:" + "B" * 32 + "::")
    [kept, refused] = (await send(desk, good, forged)).json()["results"]
    assert (kept["id"], kept["outcome"]) == (good["id"], "kept")
    assert "*" in kept["name"]
    assert (refused["outcome"], refused["name"]) == ("refused", "")
    assert refused["todo"]
    [again] = (await send(desk, good)).json()["results"]
    assert again["outcome"] == "repeat"
    [elsewhere] = (await send(desk, good | {"id": str(new_id())})).json()["results"]
    assert elsewhere["outcome"] == "repeat"
    assert "补核" in (await desk.get("/scan")).text


async def test_nobody_without_a_session_and_a_terminal_is_heard(clinic: Any, desk: httpx.AsyncClient) -> None:
    scan = await scan_of(clinic)
    assert (await send(clinic.browser(), scan)).status_code == 401
    unbound = clinic.browser()
    unbound.cookies.set("hc_session", desk.cookies["hc_session"])
    answer = await send(unbound, scan)
    assert (answer.status_code, answer.json()["code"]) == (409, "terminal-unbound")
    system = await clinic.signed_in("system")
    assert (await send(system, scan)).status_code == 403


async def test_another_site_s_page_is_refused(desk: httpx.AsyncClient, clinic: Any) -> None:
    scan = await scan_of(clinic)
    answer = await desk.post("/scan/late", json={"scans": [scan]}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    plain = await desk.post("/scan/late", content=b'{"scans": []}', headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415


@pytest.mark.parametrize("body", [{}, {"scans": []}, {"scans": [{"id": "x"}]}, {"scans": "many"}, []])
async def test_what_is_no_list_of_scans_is_refused_whole(desk: httpx.AsyncClient, body: object) -> None:
    assert (await desk.post("/scan/late", json=body)).status_code in (400, 422)


async def test_a_fault_of_the_platform_settles_nothing(
    clinic: Any, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await scan_of(clinic), await scan_of(clinic)
    keep = cards.keep_late_uses

    async def half(database: Any, settings: Any, caller: Any, items: Any) -> list[cards.late.LateAnswer]:
        [answer] = await keep(database, settings, caller, items[:1])
        broken = [cards.late.LateAnswer(one.id, cards.late.Outcome.REFUSED, problem=Unavailable()) for one in items[1:]]
        return [answer, *broken]

    monkeypatch.setattr(cards, "keep_late_uses", half)
    [told] = (await send(desk, first, second)).json()["results"]
    assert told["id"] == first["id"]

    async def none(_: Any, __: Any, ___: Any, items: Any) -> list[cards.late.LateAnswer]:
        return [cards.late.LateAnswer(one.id, cards.late.Outcome.REFUSED, problem=Unavailable()) for one in items]

    monkeypatch.setattr(cards, "keep_late_uses", none)
    assert (await send(desk, second)).status_code == 503
