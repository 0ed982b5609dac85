"""Hostile text in a form is refused in words, and stands in the page as text or not at all."""

from html import escape
from typing import Any

import pytest
from fixtures.hostile import HOSTILE

FORMS = {
    "/staff/sign-in": lambda text: {"login": text, "password": "x", "code": "000000"},
    "/scan": lambda text: {"code": text},
    "/scan/terminal": lambda text: {"code": text},
    "/language": lambda text: {"language": text, "back": text},
    "/display": lambda text: {"size": text, "theme": text, "back": text},
}


@pytest.mark.parametrize("path", FORMS)
async def test_no_form_takes_it_or_shows_it_as_markup(clinic: Any, path: str) -> None:
    browser = await clinic.at_desk("clerk1", 1)
    for text in HOSTILE:
        page = await browser.post(path, data=FORMS[path](text))
        assert page.status_code < 500
        assert page.status_code >= 400 or page.headers.get("location", "/").startswith("/"), text[:60]
        assert "Set-Cookie: hc_session=1" not in page.headers
        if escape(text) != text:
            assert text not in page.text


async def test_a_hostile_language_or_cookie_changes_nothing(clinic: Any) -> None:
    browser = clinic.browser()
    for text in HOSTILE[:-2]:
        cookie = text.encode("ascii", "ignore").decode().translate({13: None, 10: None, 59: None})
        headers = {"Cookie": f"hc_language={cookie}; hc_display={cookie}", "Accept-Language": cookie}
        page = await browser.get("/staff/sign-in", headers=headers)
        assert page.status_code == 200
        assert escape(cookie) == cookie or cookie not in page.text
