"""What holds for every page: one policy, no word of another site in it, nothing inline."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from healthcloud import web
from healthcloud.core.http.edge import CONTENT_SECURITY_POLICY, SECURITY_HEADERS

WEB = Path(web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted(path for path in (WEB / "static").rglob("*.[jc]s*") if "vendor" not in path.parts)
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/)", re.IGNORECASE
)
ELSEWHERE = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//|@import|url\([\"']?(?:https?:)?//", re.IGNORECASE)
# Per page and named: what the usual policy lacks there.
EXCEPTIONS = {path: {"script-src": {"'wasm-unsafe-eval'"}} for path in ("/scan", "/scan/shell", "/device-check")}
# Pages that name nobody, and what belongs to them.
SHELLS = ("/card", "/card/offline", "/card-worker.js", "/device-check")


def read_policy(text: str) -> dict[str, set[str]]:
    parts = (part.split() for part in text.split(";"))
    return {directive: set(sources) for directive, *sources in parts}


def addresses() -> list[str]:
    """Return the addresses of pages that can be asked for without knowing anything."""
    routes = [route for router in web.ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return sorted({route.path for route in routes if "GET" in (route.methods or ()) and "{" not in route.path})


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=lambda path: str(path.relative_to(WEB)))
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert not ELSEWHERE.findall(text)
    assert path.suffix != ".html" or not INLINE.findall(text)


@pytest.mark.parametrize("login", [None, "clerk1"])
async def test_every_page_has_the_whole_policy_and_no_page_more(clinic: Any, login: str | None) -> None:
    browser = await clinic.at_desk(login, 1) if login else clinic.browser()
    usual = read_policy(CONTENT_SECURITY_POLICY)
    for path in addresses():
        answer = await browser.get(path)
        assert answer.status_code < 500, path
        for name, value in SECURITY_HEADERS.items():
            if name not in ("Content-Security-Policy", "Cache-Control"):
                assert answer.headers[name] == value, (path, name)
        policy = read_policy(answer.headers["content-security-policy"])
        more = {directive: sources - usual.get(directive, set()) for directive, sources in policy.items()}
        more = {directive: sources for directive, sources in more.items() if sources}
        assert more in ({}, EXCEPTIONS.get(path, {})), path
        assert policy.keys() >= usual.keys(), path


async def test_a_page_of_somebody_is_kept_by_no_cache(clinic: Any) -> None:
    browser = await clinic.at_desk("clerk1", 1)
    for path in addresses():
        kept = "no-cache" if path in SHELLS else "no-store"
        assert (await browser.get(path)).headers["cache-control"] == kept, path
