"""What pages share: where a form may lead, what a browser chose, and how a refusal is told."""

import pytest
from fixtures.hostile import HOSTILE
from starlette.requests import Request

from healthcloud.core.errors import FieldFault, TooMany, Unacceptable
from healthcloud.core.wording import words_in
from healthcloud.web.display import Display, display_of
from healthcloud.web.forms import Fault, faults_of
from healthcloud.web.page import own_path


def browser(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode("latin-1", "ignore"))]})


@pytest.mark.parametrize("path", ["/", "/card", "/staff/sign-in?next=/scan", "/guides/elder"])
def test_a_path_of_this_site_is_gone_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "card",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/a\\b",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
    ],
)
def test_no_other_is(path: str) -> None:
    assert own_path(path, "/scan") == "/scan"


@pytest.mark.parametrize(
    ("cookie", "display"),
    [
        ("", Display()),
        ("hc_display=elder.dark", Display("elder", "dark")),
        ("hc_display=elder", Display("elder", "auto")),
        ("hc_display=enormous.pink", Display()),
        ("hc_display=.light", Display("normal", "light")),
    ],
)
def test_what_a_browser_chose_is_kept(cookie: str, display: Display) -> None:
    assert display_of(browser(cookie)) == display
    assert display_of(browser(f"hc_display={display.written()}")) == display


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_else_the_cookie_holds_is_the_usual_look(text: str) -> None:
    assert display_of(browser(f"hc_display={text}")) == Display()


def test_a_refusal_is_told_at_its_field_or_of_the_whole_form() -> None:
    words = words_in("en")
    faults = (FieldFault("#/phone", "is wrong", "有误"), FieldFault("#", "is no form", "不是表单"))
    assert faults_of(words, Unacceptable(faults=faults)) == [
        Fault("phone", "is wrong", bare=True),
        Fault("", "is no form", bare=True),
    ]
    nested = Unacceptable(faults=(FieldFault("#/people/0/name", "is empty", "为空"), FieldFault("#/list/3", "x", "x")))
    assert [fault.field for fault in faults_of(words, nested)] == ["name", ""]
    assert faults_of(words, TooMany()) == [Fault("", TooMany().sentence)]
