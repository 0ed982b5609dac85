"""
Shells: pages without anybody in them, made once for each language and display, kept and sent from memory.

What they show comes as JSON, or from the phone itself: so browsers may keep a shell, and with no network a service
worker shows it again. Nothing in a shell depends on who asks.
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from fastapi import Request
from starlette.responses import Response

from healthcloud.web.assets import version
from healthcloud.web.display import Display, display_in
from healthcloud.web.page import LANGUAGE_COOKIE
from healthcloud.web.rendering import MADE, PAGES, Labels
from healthcloud.web.wording import CHINESE, LANGUAGES, Words, words_in

VERSION_HEADER = "X-Shell-Version"
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_NO_FORM_OF_SOMEBODY = "0" * 32  # a shell's forms choose a language and a display: they may be sent again and again

Told = Callable[[Words], Any]


@dataclass(frozen=True, slots=True)
class ShellPage:
    """A page that is a shell: where it stands, its template, what the frame shows, and the words its script says."""

    path: str
    template: str
    told: Told
    tab: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell as it is sent."""

    etag: str
    plain: bytes
    packed: bytes
    headers: dict[str, str]


@cache
def shell_of(page: ShellPage, language: str, display: Display) -> Shell:
    """Make a shell, once."""
    words = words_in(language)
    values = {
        "words": words,
        "others": [other for other in LANGUAGES if other != words.language],
        "path": page.path,
        "display": display,
        "once": _NO_FORM_OF_SOMEBODY,
        "answered": "",
        "errors": (),
        "tab": page.tab,
        "back": page.back,
        "nav": (),
        "unread": 0,
        "told": page.told(words),
        MADE: {},
        "labels": Labels(),
    }
    plain = PAGES.get_template(page.template).render(values).encode()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:24]}"'
    headers = {
        "Cache-Control": "no-cache",
        "Vary": "Cookie, Accept-Encoding",
        "ETag": etag,
        "Content-Language": words.language,
        VERSION_HEADER: version(),
    }
    return Shell(etag, plain, gzip.compress(plain, 9, mtime=0), headers)


class Sent(NamedTuple):
    """A shell on its way, or 304 to a browser that has it."""

    status: int
    headers: dict[str, str]
    body: bytes


def sent_shell(page: ShellPage, cookies: Mapping[str, str], asked: Mapping[str, str]) -> Sent:
    """Return a shell in the language and display of these cookies; `asked` are the request's headers."""
    language = words_in(cookies.get(LANGUAGE_COOKIE, CHINESE)).language
    shell = shell_of(page, language, display_in(cookies))
    if shell.etag in asked.get("if-none-match", ""):
        return Sent(304, shell.headers, b"")
    if "gzip" in asked.get("accept-encoding", ""):
        return Sent(200, shell.headers | _HTML | {"Content-Encoding": "gzip"}, shell.packed)
    return Sent(200, shell.headers | _HTML, shell.plain)


def send_shell(request: Request, page: ShellPage) -> Response:
    """Send a shell in the language and display of this browser."""
    status, headers, body = sent_shell(page, request.cookies, request.headers)
    return Response(body, status, headers=headers)
