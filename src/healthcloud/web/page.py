"""What every page shares: its language, its form, how it is rendered, and who looks at it."""

import gzip
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Match

from healthcloud import access
from healthcloud.core.caller import GUEST, Caller
from healthcloud.core.errors import FieldFault, Malformed, Unauthenticated
from healthcloud.core.http import caller_of, visit_of
from healthcloud.core.ids import new_id
from healthcloud.core.paging import CursorUnreadable, decode_cursor
from healthcloud.web.display import display_of
from healthcloud.web.multipart import MULTIPART, Parts, SentFile, read_parts
from healthcloud.web.rendering import MADE, PAGES, Labels
from healthcloud.web.wording import CHINESE, LANGUAGES, Words, words_in

Key = TypeVar("Key")
LANGUAGE_COOKIE = "hc_language"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 40
SEE_OTHER = 303
PACKING = 5  # of gzip: half the time of its best for a tenth more bytes

# What a layout reads and a page may leave unsaid.
_UNSAID: dict[str, Any] = {"errors": (), "tab": "", "back": "", "nav": (), "unread": 0}


def words_of(request: Request) -> Words:
    """Return the words in the language this browser chose; Chinese until it chooses."""
    return words_in(request.cookies.get(LANGUAGE_COOKIE, CHINESE))


async def looker(request: Request) -> Caller:
    """Return who looks at a page; GUEST also where a session is over, so that the page can say where to sign in."""
    try:
        return await caller_of(request)
    except Unauthenticated:
        return GUEST


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """
    Render a page.

    In every template: `words`, `others` (the languages not shown), `path`, `display`, `once` (a new key for a form;
    give it as a value to keep a refused form's), `answered` (of what answers a form: the address Back and Reload get),
    and empty unless given: `errors`, `tab`, `back`, `nav`, `unread` (how many messages are new).
    """
    text = rendered(request, template, **values)
    headers = {"Content-Language": words_of(request).language, "Vary": "Cookie, Accept-Encoding"}
    body = text.encode()
    if _may_be_packed(request):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, PACKING, mtime=0)
    return HTMLResponse(body, status, headers=headers)


def rendered(request: Request, template: str, **values: Any) -> str:
    """Render a template as `page` does, for what is no page: a document to print."""
    words, labels = words_of(request), Labels()
    shared = {
        "words": words,
        "others": [language for language in LANGUAGES if language != words.language],
        "path": request.url.path,
        "display": display_of(request),
        "once": new_id().hex,
        "answered": page_above(request) if request.method == "POST" else "",
        MADE: {},
        "labels": labels,
    }
    text = PAGES.get_template(template).render(_UNSAID | shared | values)
    return labels.told(text, words("kit.label-before")) if values.get("errors") else text


def page_above(request: Request) -> str:
    """Return the page a form was sent from: at its own address, else the nearest address above that is a page."""
    path, routes = request.url.path, getattr(request.scope.get("app"), "routes", ())
    while path:
        asked = {**request.scope, "method": "GET", "path": path}
        if any(route.matches(asked)[0] is Match.FULL for route in routes):
            return path
        path = path.rpartition("/")[0]
    return "/"


def _may_be_packed(request: Request) -> bool:
    """Whether it may be compressed: never one of somebody signed in, whose secrets its length may tell (BREACH)."""
    return (
        "gzip" in request.headers.get("accept-encoding", "") and access.sessions.SESSION_COOKIE not in request.cookies
    )


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a posted form, the last of each name, without its files; raise Malformed."""
    if _kind_of(request) == MULTIPART:
        return _parts_of(request).fields
    if _kind_of(request) != FORM_TYPE:
        raise Malformed(faults=(FieldFault("#", "is no form", "不是表单"),))
    try:
        pairs = parse_qsl(
            visit_of(request.scope).body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except (UnicodeDecodeError, ValueError):
        raise Malformed(faults=(FieldFault("#", "cannot be read", "无法读取"),)) from None
    return dict(pairs)


def file_of(request: Request, name: str) -> SentFile | None:
    """Return a file of a posted form, or None where none was chosen; raise Malformed."""
    return _parts_of(request).files.get(name) if _kind_of(request) == MULTIPART else None


def _kind_of(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _parts_of(request: Request) -> Parts:
    return read_parts(request.headers.get("content-type", ""), visit_of(request.scope).body, MOST_FIELDS)


def place_of(cursor: str, kind: type[Key], start: Key) -> Key:
    """Return where a list goes on; its start without a cursor, and where an old or mangled address holds none of it."""
    try:
        return decode_cursor(cursor, kind) if cursor else start
    except CursorUnreadable:
        return start


def go_to(path: str) -> RedirectResponse:
    """Send the browser to a page of ours after a form."""
    return RedirectResponse(path, SEE_OTHER)


def own_path(path: str, otherwise: str = "/") -> str:
    """Return a path someone asked to be sent to, if it is one of this site."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if ours else otherwise
