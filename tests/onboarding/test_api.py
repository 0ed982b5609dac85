"""Onboarding over HTTP, held to its document."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from cards.scanning import Callers, Town
from fixtures.http import served
from onboarding.coming import CITY, OPERATOR, Coming, administrator_of

from healthcloud import access, conformance, onboarding
from healthcloud.core.caller import Caller
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app
from healthcloud_reader.conformance import verify_report

PATH = "/api/v1/onboarding"
BODY = {
    "contact": "信息科",
    "phone": "0632-0000000",
    "systems": [{"name": "HIS", "vendor": "示例软件"}],
    "points": ["window", "pharmacy"],
}


class Asking:
    """Asks as somebody."""

    def __init__(self, http: httpx.AsyncClient, callers: Callers) -> None:
        self._http = http
        self._callers = callers

    async def __call__(self, caller: Caller, method: str, path: str = "", **sent: Any) -> httpx.Response:
        return await self._http.request(method, PATH + path, headers=self._callers.header(caller), **sent)


@pytest.fixture(scope="module")
async def asking(served_town: Town, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asking]:
    database = served_town.database
    keys = tmp_path_factory.mktemp("keys") / "sandbox.pem"
    keys.write_text("".join(one.public.pem() for one in database.vault.trust_list(conformance.REPORTS)))
    settings = Settings(conformance_key_files=[keys])
    callers = Callers(access.AccessAuthenticator(database, access.AccessPolicy.of(settings)))
    app = create_app(settings, database, callers, api=(onboarding.router,))
    async with served(app) as url, httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        yield Asking(http, callers)


async def test_from_the_application_to_the_report(coming: Coming, asking: Asking) -> None:
    here = await coming.town.hospital()
    own = administrator_of(here.id)
    applied = [await asking(own, "PUT", f"/{here.id}/application", json=BODY) for _ in range(2)]
    assert [one.json() for one in applied] == [{"changed": True}, {"changed": False}]
    file = await coming.report(here)
    kept = await asking(own, "POST", f"/{here.id}/reports", json=file)
    assert kept.json() == (await asking(CITY, "POST", f"/{here.id}/reports", json=file)).json()
    assert (kept.json()["is_trusted"], kept.json()["is_passed"]) == (True, True)
    told = (await asking(own, "GET", f"/{here.id}")).json()
    assert (told["reached"], told["next"], told["face"]) == ("report", "points", "own")
    assert [one["who_acts"] for one in told["steps"]][:5] == ["nobody"] * 4 + ["institution"]
    [listed] = (await asking(OPERATOR, "GET", f"/{here.id}/reports")).json()
    whole = await asking(OPERATOR, "GET", f"/{here.id}/reports/{listed['digest']}")
    assert verify_report(whole.content)[0] == file["report"]


async def test_lists_go_by_pages_and_to_ones_own(coming: Coming, asking: Asking) -> None:
    town = coming.town
    first = (await asking(OPERATOR, "GET", params={"limit": 1})).json()
    second = (await asking(OPERATOR, "GET", params={"limit": 1, "cursor": first["next"]})).json()
    assert first["items"] != second["items"]
    own = (await asking(administrator_of(town.there.id), "GET")).json()
    assert [one["institution_id"] for one in own["items"]] == [str(town.there.id)]
    assert own["next"] is None


async def test_refusals_are_told(coming: Coming, asking: Asking) -> None:
    here, there = coming.town.here, coming.town.there
    other = administrator_of(there.id)
    file = await coming.report(here)
    answers = [
        await asking(other, "GET", f"/{here.id}"),
        await asking(other, "PUT", f"/{here.id}/application", json=BODY),
        await asking(OPERATOR, "PUT", f"/{here.id}/application", json=BODY),
        await asking(other, "POST", f"/{there.id}/reports", json=file),
        await asking(other, "POST", f"/{there.id}/reports", json=file | {"report": {}}),
        await asking(other, "GET", f"/{there.id}/reports/{'0' * 64}"),
        await asking(other, "PUT", f"/{there.id}/application", json=BODY | {"contact": " x"}),
        await asking(OPERATOR, "GET", params={"cursor": "x"}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (404, "institution-unknown"),
        (404, "institution-unknown"),
        (403, "forbidden"),
        (422, "onboarding-report-of-another"),
        (422, "onboarding-report-unreadable"),
        (404, "onboarding-report-unknown"),
        (422, "onboarding-application-unreadable"),
        (422, "cursor-unreadable"),
    ]
