"""The short way to the card answers as its routes do, for everybody who may ask; many at once by four statements."""

import asyncio
from typing import Any

import msgspec
import pytest
from web.households import Resident, bear, settle

from healthcloud import cards
from healthcloud.core.caller import SYSTEM
from healthcloud.core.http import Asked
from healthcloud.server.demonstration import resident
from healthcloud.server.demonstration.residents import may_be_mother


@pytest.fixture(scope="module")
async def mother(clinic: Any) -> Resident:
    n = next(n for n in range(370, 800) if may_be_mother(resident(n)) and resident(n).phone)
    one = await settle(clinic, n)
    child = await bear(clinic, one)
    await one.post("/family/newborn", child=str(child))
    return one


async def look(clinic: Any, path: str, cookie: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    [found] = [one for one in clinic.city.looks if one.path == path]
    asked = Asked({"cookie": cookie} | headers if cookie else headers, path, b"", "127.0.0.1")
    status, head, body = await found.answer(asked)
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
    return status, dict(lines), body


def without_times(body: bytes) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(body)
    return {name: value for name, value in told.items() if name not in ("now", "code")}


async def test_what_is_told_is_told_alike(clinic: Any, mother: Resident) -> None:
    bare = await settle(clinic, 812, card=False)
    frozen = await settle(clinic, 813)
    await clinic.city.database.transact(lambda tx: cards.freeze(tx, SYSTEM, frozen.person_id))
    clerk = await clinic.at_desk("clerk1", 1)
    cookies = [
        f"hc_session={one.cookies['hc_session']}" for one in (mother.browser, bare.browser, frozen.browser, clerk)
    ]
    statuses = []
    for cookie in [*cookies, "", "hc_session=x", f"hc_session={'A' * 64}"]:
        usual = await clinic.browser().get("/card/now", headers={"Cookie": cookie} if cookie else {})
        status, headers, body = await look(clinic, "/card/now", cookie)
        assert (status, without_times(body)) == (usual.status_code, without_times(usual.content))
        for name in ("content-type", "cache-control", "content-security-policy"):
            assert headers[name] == usual.headers[name]
        statuses.append(status)
    assert statuses == [200, 200, 200, 403, 401, 401, 401]


async def test_many_at_once_are_each_told_of_their_own(clinic: Any, mother: Resident) -> None:
    others = [await settle(clinic, n) for n in range(814, 818)]
    everyone = [mother, *others] * 4
    found = await asyncio.gather(
        *(look(clinic, "/card/now", f"hc_session={one.browser.cookies['hc_session']}") for one in everyone)
    )
    for one, (status, _, body) in zip(everyone, found, strict=True):
        alone = (await one.browser.get("/card/now")).content
        assert (status, without_times(body)) == (200, without_times(alone))
    assert len({without_times(body)["document"] for _, _, body in found}) > 1


async def test_an_ended_session_is_told_so_at_once(clinic: Any) -> None:
    leaving = await settle(clinic, 818)
    cookie = f"hc_session={leaving.browser.cookies['hc_session']}"
    assert (await look(clinic, "/card/now", cookie))[0] == 200
    await leaving.post("/sign-out")
    assert (await look(clinic, "/card/now", cookie))[0] == 401


async def test_the_page_is_the_same_page(clinic: Any, mother: Resident) -> None:
    cookie = f"hc_session={mother.browser.cookies['hc_session']}; hc_language=en; hc_display=elder.dark"
    usual = await clinic.browser().get("/card", headers={"Cookie": cookie})
    status, headers, body = await look(clinic, "/card", cookie)
    assert (status, body) == (200, usual.content)
    assert headers["etag"] == usual.headers["etag"]
    status, headers, body = await look(clinic, "/card", cookie, **{"if-none-match": headers["etag"]})
    assert (status, body) == (304, b"")
    assert "content-length" not in headers
    assert (await look(clinic, "/card", ""))[1]["location"] == "/sign-in?next=/card"
