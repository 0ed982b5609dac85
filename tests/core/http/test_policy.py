"""The policy of a page: one for all, and exceptions that have a name."""

import pytest
from starlette.responses import Response

from healthcloud.core.http import allow_on_page
from healthcloud.core.http.edge import CONTENT_SECURITY_POLICY

WASM = "'wasm-unsafe-eval'"


def test_an_exception_adds_its_source_and_nothing_else() -> None:
    page = Response()
    allow_on_page(page, "script-src", WASM)
    allow_on_page(page, "script-src", WASM)
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY.replace(
        "script-src 'self'", f"script-src 'self' {WASM}"
    )


@pytest.mark.parametrize(
    ("directive", "source"),
    [
        ("script-src", "'unsafe-inline'"),
        ("script-src", "'unsafe-eval'"),
        ("style-src", WASM),
        ("connect-src", "https://elsewhere.example"),
        ("frame-src", "'self'"),
    ],
)
def test_what_has_no_name_is_no_exception(directive: str, source: str) -> None:
    page = Response()
    with pytest.raises(LookupError):
        allow_on_page(page, directive, source)
    assert "content-security-policy" not in page.headers
