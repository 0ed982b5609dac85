"""A page's named exceptions from the content security policy; the edge leaves alone a policy that a page has set."""

from starlette.responses import Response

from healthcloud.core.http.edge import CONTENT_SECURITY_POLICY

_HEADER = "Content-Security-Policy"


def allow_on_page(response: Response, directive: str, source: str) -> None:
    """Add a source to a directive for this one page, as `'wasm-unsafe-eval'` to `script-src`; ValueError for none."""
    parts = response.headers.get(_HEADER, CONTENT_SECURITY_POLICY).split("; ")
    place = [part.split(" ")[0] for part in parts].index(directive)
    parts[place] = f"{parts[place]} {source}"
    response.headers[_HEADER] = "; ".join(parts)
