"""Static files: whole, small, kept for a year under an address that changes with them."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from healthcloud.web.assets import FOLDER, FOR_EVER, VERSION_LENGTH, asset, files, load, version

KIT_SCRIPT = ("kit/kit.js",)
KIT_STYLE = ("kit/tokens.css", "kit/kit.css")


async def test_a_file_under_its_version_is_kept_for_ever(clinic: Any) -> None:
    answer = await clinic.browser().get(asset("kit/kit.css"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, FOR_EVER)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert "--brand" in answer.text


async def test_without_a_version_or_with_another_it_is_asked_about_each_time(clinic: Any) -> None:
    browser = clinic.browser()
    for address in ("/static/kit/kit.js", f"/static/{'0' * VERSION_LENGTH}/kit/kit.js"):
        first = await browser.get(address)
        assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
        again = await browser.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_who_cannot_unpack_gets_it_plain(clinic: Any) -> None:
    answer = await clinic.browser().get("/static/kit/kit.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == load("kit/kit.js").plain


@pytest.mark.parametrize(
    "path", ["nothing.css", "../page.py", "%2e%2e/page.py", f"{'0' * VERSION_LENGTH}/../page.py", ""]
)
async def test_nothing_else_can_be_asked_for(clinic: Any, path: str) -> None:
    assert (await clinic.browser().get(f"/static/{path}")).status_code == 404
    assert (await clinic.browser().post("/static/kit/kit.js", content=b"")).status_code == 405


def test_a_template_that_names_a_missing_file_fails() -> None:
    with pytest.raises(KeyError):
        asset("kit/nothing.css")
    assert re.fullmatch(r"[0-9a-f]{12}", version())


def packed(*names: str) -> int:
    return sum(len(load(name).packed or load(name).plain) for name in names)


def test_what_every_page_loads_is_within_its_budget() -> None:
    assert packed(*KIT_STYLE) <= 8_000
    assert packed(*KIT_SCRIPT) <= 3_000


def loaded(template: str, ending: str) -> set[str]:
    """Return the files a page made from this template loads, with what its modules import."""
    text = (FOLDER.parent / "templates" / template).read_text()
    waiting = {name for name in re.findall(r'asset\("([^"]+)"\)', text) if name.endswith(ending)}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        for other in re.findall(r'(?:from|import) "\./([^"]+)"', load(name).plain.decode()):
            waiting |= {f"{name.rpartition('/')[0]}/{other}"} - found
    for above in re.findall(r'(?:extends|include) "([^"]+)"', text):
        found |= loaded(above, ending)
    return found


@pytest.mark.parametrize(
    "path", sorted((FOLDER.parent / "templates" / "resident").glob("*.html")), ids=lambda path: path.name
)
def test_a_citizens_page_is_within_its_budget(path: Path) -> None:
    name = f"resident/{path.name}"
    assert packed(*loaded(name, ".css")) <= 8_000
    assert packed(*loaded(name, ".js")) <= 30_000


async def test_a_landing_page_is_within_its_budget(clinic: Any) -> None:
    text = (await clinic.browser().get("/")).content
    assert len(gzip.compress(text)) <= 5_000


def test_no_style_or_script_of_ours_asks_another_host() -> None:
    ours = [name for name in files() if not name.startswith("vendor/") and name.endswith((".css", ".js"))]
    found = {
        name: re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"']*", load(name).plain.decode()) for name in ours
    }
    assert {name: hosts for name, hosts in found.items() if hosts} == {}
