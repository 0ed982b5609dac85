"""The card's pages as shells: nobody in them, kept by browsers, whole without a network; nothing else is kept."""

import re
from typing import Any

import msgspec
import pytest
from web.households import Resident, code_to, settle

from healthcloud.core.ids import new_id
from healthcloud.web.assets import FOLDER, load
from healthcloud.web.resident.card_pwa import FILES, PAGES, manifest, worker_script

SHELLS = ("/card", "/card/offline", "/device-check")


@pytest.fixture(scope="module")
async def one(clinic: Any) -> Resident:
    return await settle(clinic, 360)


async def test_a_shell_is_the_same_for_everybody(clinic: Any, one: Resident) -> None:
    other = await settle(clinic, 361)
    for path in SHELLS:
        mine, theirs = [await who.browser.get(path) for who in (one, other)]
        assert mine.status_code == 200
        assert mine.content == theirs.content
        assert mine.headers["etag"] == theirs.headers["etag"]
        assert (mine.headers["cache-control"], mine.headers["vary"]) == ("no-cache", "Cookie, Accept-Encoding")
        assert "set-cookie" not in mine.headers


async def test_a_browser_that_has_a_shell_is_told_so(one: Resident) -> None:
    for path in SHELLS:
        etag = (await one.browser.get(path)).headers["etag"]
        again = await one.browser.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        elder = await one.browser.get(path, headers={"If-None-Match": etag, "Cookie": "hc_session=x; hc_display=elder"})
        assert elder.status_code == 200
        assert 'data-display="elder"' in elder.text


async def test_who_has_no_session_gets_no_page_of_the_card(clinic: Any) -> None:
    assert (await clinic.browser().get("/card")).headers["location"] == "/sign-in?next=/card"
    assert (await clinic.browser().get("/device-check")).status_code == 200


async def test_without_script_there_is_a_way_to_the_code(one: Resident) -> None:
    shell = (await one.browser.get("/card")).text
    assert '<noscript><meta http-equiv="refresh" content="0; url=/card/plain"></noscript>' in shell
    plain = (await one.browser.get("/card/plain")).text
    assert "plate-code" in plain
    assert "resident/card.js" not in plain


def test_the_worker_keeps_every_file_the_pages_load_and_no_page_of_anybody() -> None:
    templates = FOLDER.parent / "templates"
    named: set[str] = set()
    for name in ("resident/card_shell", "resident/card_offline", "resident/card_page", "kit/document"):
        named |= set(re.findall(r'asset\("([^"]+)"\)', (templates / f"{name}.html").read_text()))
    waiting = [name for name in named if name.endswith(".js")]
    while waiting:
        found = re.findall(r'from "\./([^"]+)"', load(waiting.pop()).plain.decode())
        new = {f"resident/{name}" for name in found} - named
        named |= new
        waiting += new
    assert set(FILES) == named
    assert PAGES == ("/card", "/card/offline")


async def test_the_worker_is_another_one_when_a_file_is(clinic: Any) -> None:
    answer = await clinic.browser().get("/card-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    told = msgspec.json.decode(worker_script().partition(b"\n")[0].removeprefix(b"globalThis.SHELLS = ").rstrip(b";"))
    for address in told["files"]:
        assert told["version"] in address
        assert (await clinic.browser().get(address)).status_code == 200


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_card_can_be_installed(clinic: Any, language: str) -> None:
    answer = await clinic.browser().get(f"/card/manifest/{language}")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = msgspec.json.decode(manifest(language))
    assert (told["start_url"], told["display"], told["lang"]) == ("/card", "standalone", language)
    for icon in told["icons"]:
        picture = await clinic.browser().get(icon["src"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert (await clinic.browser().get("/card/manifest/fr")).status_code == 404


async def test_signing_out_or_in_clears_what_the_browser_keeps(clinic: Any) -> None:
    leaving = await settle(clinic, 362)
    browser, phone = clinic.browser(), "16266660001"
    await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone})
    form = {"once": new_id().hex, "phone": phone, "code": await code_to(clinic, phone)}
    begun = await browser.post("/sign-in", data=form)
    assert (begun.status_code, begun.headers["clear-site-data"]) == (303, '"storage"')
    assert (await leaving.post("/sign-out")).headers["clear-site-data"] == '"storage"'


async def test_a_removed_phone_is_told_by_its_absence(clinic: Any) -> None:
    holder = await settle(clinic, 363)
    asked = await holder.browser.post(
        "/api/v1/cards/phones", json={"label": "mine"}, headers={"Idempotency-Key": "a-phone-of-the-holder"}
    )
    phone = asked.json()["phone_id"]
    assert (await holder.browser.get("/card/now")).json()["phones"] == [phone]
    await holder.browser.delete(f"/api/v1/cards/phones/{phone}")
    assert (await holder.browser.get("/card/now")).json()["phones"] == []
