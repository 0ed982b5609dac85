"""A page's named exceptions from the content security policy; the edge leaves alone a policy that a page has set."""

from starlette.responses import Response

from healthcloud.core.http.edge import CONTENT_SECURITY_POLICY

_HEADER = "Content-Security-Policy"
# Every exception there is, and what it is for; a page takes one by name.
EXCEPTIONS = {("script-src", "'wasm-unsafe-eval'"): "reading a code from the camera where the browser cannot by itself"}


def allow_on_page(response: Response, directive: str, source: str) -> None:
    """Add a source of EXCEPTIONS to a directive for this one page; raise LookupError for what is none of them."""
    if (directive, source) not in EXCEPTIONS:
        raise LookupError((directive, source))
    parts = response.headers.get(_HEADER, CONTENT_SECURITY_POLICY).split("; ")
    place = [part.split(" ")[0] for part in parts].index(directive)
    if source not in parts[place].split(" "):
        parts[place] = f"{parts[place]} {source}"
    response.headers[_HEADER] = "; ".join(parts)
