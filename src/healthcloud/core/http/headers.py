"""A request's headers by name; one that was sent twice is never taken for one of the two."""

from collections.abc import Sequence

from starlette.types import Scope


def target_of(scope: Scope) -> str:
    """Return the raw path and query, as a signature covers them."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by lower-case name; repeated ones joined in order (RFC 9110 section 5.3)."""
    raw: Sequence[tuple[bytes, bytes]] = scope["headers"]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
    return headers if len(headers) == len(raw) else _joined(raw)


def _joined(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for coded_name, value in raw:
        name, text = coded_name.decode("latin-1"), value.decode("latin-1")
        comma = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{comma}{text}" if name in headers else text
    return headers
