"""
Shells: pages without anybody in them, made once for each language and display, kept and sent from memory.

What they show comes as JSON, or from the phone itself: so browsers may keep a shell, and with no network a service
worker shows it again. Nothing in a shell depends on who asks.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from healthcloud.web.assets import version
from healthcloud.web.display import Display, display_of
from healthcloud.web.page import words_of
from healthcloud.web.rendering import MADE, PAGES, Labels
from healthcloud.web.wording import LANGUAGES, Words, words_in

VERSION_HEADER = "X-Shell-Version"
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


def send_shell(request: Request, page: ShellPage) -> Response:
    """Send a shell in the language and display of this browser; 304 to a browser that has it."""
    shell = shell_of(page, words_of(request).language, display_of(request))
    if shell.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=shell.headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    more = {"Content-Encoding": "gzip"} if packed else {}
    return HTMLResponse(shell.packed if packed else shell.plain, headers=shell.headers | more)
