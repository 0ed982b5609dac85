"""What every page shares: its language, its form, how it is rendered, and who looks at it."""

import gzip
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse

from healthcloud import access
from healthcloud.core.caller import GUEST, Caller
from healthcloud.core.errors import FieldFault, Malformed, Unauthenticated
from healthcloud.core.http import caller_of, visit_of
from healthcloud.core.ids import new_id
from healthcloud.web.display import display_of
from healthcloud.web.rendering import MADE, PAGES, Labels
from healthcloud.web.wording import CHINESE, LANGUAGES, Words, words_in

LANGUAGE_COOKIE = "hc_language"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 40
SEE_OTHER = 303
PACKING = 5  # of gzip: half the time of its best for a tenth more bytes

# What a layout reads and a page may leave unsaid.
_UNSAID: dict[str, Any] = {"errors": (), "tab": "", "back": "", "nav": ()}


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
    give it as a value to keep a refused form's), and empty unless given: `errors`, `tab`, `back`, `nav`.
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
        MADE: {},
        "labels": labels,
    }
    text = PAGES.get_template(template).render(_UNSAID | shared | values)
    return labels.told(text, words("kit.label-before")) if values.get("errors") else text


def _may_be_packed(request: Request) -> bool:
    """Whether it may be compressed: never one of somebody signed in, whose secrets its length may tell (BREACH)."""
    return (
        "gzip" in request.headers.get("accept-encoding", "") and access.sessions.SESSION_COOKIE not in request.cookies
    )


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a posted form, the last of each name; raise Malformed."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise Malformed(faults=(FieldFault("#", "is no form", "不是表单"),))
    try:
        pairs = parse_qsl(
            visit_of(request.scope).body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except (UnicodeDecodeError, ValueError):
        raise Malformed(faults=(FieldFault("#", "cannot be read", "无法读取"),)) from None
    return dict(pairs)


def go_to(path: str) -> RedirectResponse:
    """Send the browser to a page of ours after a form."""
    return RedirectResponse(path, SEE_OTHER)


def own_path(path: str, otherwise: str = "/") -> str:
    """Return a path someone asked to be sent to, if it is one of this site."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if ours else otherwise
