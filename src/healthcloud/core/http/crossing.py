"""Cross-site request forgery is refused once for all routes: a rule about headers, with no token to forget."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from healthcloud.core.http.errors import CrossSite, MediaTypeNotAccepted

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def refuse_cross_site(method: str, path: str, headers: Mapping[str, str], own_host: str) -> None:
    """
    Refuse an unsafe request that another site's page may have sent in a browser.

    `Sec-Fetch-Site` decides where it is sent (same-origin, or `none`: typed by a person); else `Origin` must be this
    host; a request with neither is no browser's, and passes unless it carries cookies. Under /api/ a body sent with
    cookies must be JSON, which no plain form of another site can send. Signed requests carry no cookie.
    """
    if method in SAFE_METHODS:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    has_cookies = "cookie" in headers
    if site is not None:
        same = site in ("same-origin", "none")
    elif origin is not None:
        same = urlsplit(origin).netloc.lower() in (headers.get("host", "").lower(), own_host)
    else:
        same = not has_cookies
    if not same:
        raise CrossSite
    if has_cookies and _has_body(headers):
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" and (path.startswith("/api/") or kind not in _FORMS):
            raise MediaTypeNotAccepted


def _has_body(headers: Mapping[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
