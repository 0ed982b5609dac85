"""What every page of residents and guests has: its own title, its language, the one line of help; errors too."""

import re
from collections import Counter
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from web.households import Resident, settle

from healthcloud.web.resident.card_routers import ROUTERS as CARDS
from healthcloud.web.resident.everyday import ROUTERS as EVERYDAY

# Addresses with something in them, and those that are no page to somebody signed in, or only with a question in them.
SAMPLES = {"/family/add/{way}": "/family/add/elder", "/guides/{name}": "/guides/card"}
ALSO = ("/display", "/nowhere-at-all", "/family/done/accept", "/card/changed/freeze")
NO_PAGES = ("/card/now", "/card-worker.js", "/card/enlarge", "/looks/ask", "/sign-in")
# The same page twice: to somebody verified the card's page stands for those of its states.
SAME = {"/card/plain": "/card"}
LANGUAGES = {"zh-CN": '12320</a><a href="/help">其他帮助', "en": '12320</a><a href="/help">More help'}


def paths() -> list[str]:
    """Return every address of a page of residents that has no id in it."""
    routes = [one for router in (*EVERYDAY, *CARDS) for one in router.routes if isinstance(one, APIRoute)]
    found = {route.path for route in routes if "GET" in (route.methods or ())}
    known = {SAMPLES.get(path, path) for path in found} | set(ALSO)
    return sorted(path for path in known if "{" not in path and path not in NO_PAGES)


@pytest.fixture(scope="module")
async def one(clinic: Any) -> Resident:
    return await settle(clinic, 9)


async def shown(browser: httpx.AsyncClient, path: str, language: str) -> str:
    """Return a page in a language, after the redirects that lead to it."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in browser.cookies.jar)
    asked = {"Cookie": f"{cookies}; hc_language={language}", "Accept": "text/html"}
    answer = await browser.get(path, headers=asked, follow_redirects=True)
    assert "text/html" in answer.headers["content-type"], path
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_have_titles_of_their_own_a_language_and_one_line_of_help(one: Resident, language: str) -> None:
    pages = {path: await shown(one.browser, path, language) for path in paths()}
    titles: dict[str, str] = {}
    for path, text in pages.items():
        assert f'<html lang="{language}"' in text, path
        assert text.count('class="help-line"') == 1, path
        assert LANGUAGES[language] in text, path
        assert len(re.findall(r"<h1\b", text)) == 1, path
        [titles[path]] = re.findall(r"<title>(.*?)</title>", text, re.DOTALL)
    again = [title for title, times in Counter(titles.values()).items() if times > 1]
    doubled = {title: sorted(SAME.get(path, path) for path in titles if titles[path] == title) for title in again}
    assert {title: some for title, some in doubled.items() if len(set(some)) > 1} == {}


async def test_guests_pages_and_refusals_have_them_too(clinic: Any) -> None:
    guest = clinic.browser()
    for path in ("/", "/sign-in", "/hospitals", "/guides", "/guides/privacy", "/help", "/display", "/nowhere-at-all"):
        assert (await shown(guest, path, "zh-CN")).count('class="help-line"') == 1, path
    wrong = await guest.post("/sign-in", data={"phone": "1", "once": "0123456789abcdef"})
    assert wrong.status_code == 422
    assert wrong.text.count('class="help-line"') == 1
    assert "<title>错误：" in wrong.text
