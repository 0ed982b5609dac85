"""What those are told who are refused: made beforehand, but for the request's id and the address they wanted."""

import html
import re
from collections.abc import Iterable, Mapping
from functools import cache

from healthcloud import web
from healthcloud.core.errors import Unavailable
from healthcloud.core.http import SECURITY_HEADERS, Answer, problem_response
from healthcloud.core.ids import new_id_text

_NO_ID, _NO_PATH = "0" * 32, "/an-address-not-known-yet"
_PLAIN_PATH = re.compile(r"/[\w/~.-]*", re.ASCII)
_HTML = {"content-type": "text/html; charset=utf-8", "vary": "Cookie, Accept"}


class Told:
    """One refusal, to come again after so many seconds: as JSON, and as a page in each language."""

    def __init__(self, seconds: int) -> None:
        made = problem_response(Unavailable(retry_after=seconds), _NO_ID)
        headers = {name.lower(): value for name, value in SECURITY_HEADERS.items()} | dict(made.headers)
        self._json = _head(headers), bytes(made.body)
        self._pages = {
            f"{web.LANGUAGE_COOKIE}={language}".encode(): (
                _head(headers | _HTML | {"content-language": language}),
                _page(language, seconds),
            )
            for language in web.LANGUAGES
        }
        self._page = next(iter(self._pages.values()))

    def answer(self, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Answer:
        """Return the answer to a request: a page to a browser that asked for one."""
        head, body = self._wanted(path, {name.lower(): value for name, value in headers})
        request_id = new_id_text().encode()
        shown = path if _PLAIN_PATH.fullmatch(path) else "/"
        body = body.replace(_NO_ID.encode(), request_id).replace(_NO_PATH.encode(), html.escape(shown).encode())
        head = head.replace(_NO_ID.encode(), request_id) + b"content-length: %d\r\n" % len(body)
        return Answer(Unavailable.status, head, body)

    def _wanted(self, path: str, headers: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
        if path.startswith("/api/") or b"text/html" not in headers.get(b"accept", b""):
            return self._json
        cookies = headers.get(b"cookie", b"")
        return next((page for chosen, page in self._pages.items() if chosen in cookies), self._page)


@cache
def _page(language: str, seconds: int) -> bytes:
    return web.busy_page(language, seconds, _NO_ID, _NO_PATH).encode()


def _head(headers: Mapping[str, str]) -> bytes:
    named = {name: value for name, value in headers.items() if name != "content-length"} | {"x-request-id": _NO_ID}
    return "".join(f"{name}: {value}\r\n" for name, value in named.items()).encode("latin-1")
