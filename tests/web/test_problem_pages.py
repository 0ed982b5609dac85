"""Whoever asks for a page and meets a problem gets a page: in their language, with what to do and how to be found."""

import re

import httpx
import pytest
from fastapi import APIRouter
from fixtures.callers import city_of
from fixtures.http import Serve

from healthcloud.core.db import Database
from healthcloud.core.errors import TooMany, Unavailable
from healthcloud.core.http import needs, needs_nothing

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
router = APIRouter(prefix="/trouble", include_in_schema=False)


@router.get("/slow-down", dependencies=[needs_nothing("a test")])
async def slow_down() -> None:
    raise TooMany(retry_after=30)


@router.get("/busy", dependencies=[needs_nothing("a test")])
async def busy() -> None:
    raise Unavailable


@router.get("/broken", dependencies=[needs_nothing("a test")])
async def broken() -> None:
    raise ZeroDivisionError


@router.get("/closed", dependencies=[needs("things.see")])
async def closed() -> None:
    pass


@pytest.fixture
async def client(database: Database, serve: Serve) -> httpx.AsyncClient:
    city = city_of(database)
    city.api.include_router(router)
    return await serve(city)


@pytest.mark.parametrize(
    ("path", "status", "code", "sentence"),
    [
        ("/nowhere", 404, "no-such-address", "该地址不存在"),
        ("/trouble/closed", 403, "forbidden", "没有这项操作的权限"),
        ("/trouble/slow-down", 429, "too-many", "操作过于频繁"),
        ("/trouble/busy", 503, "unavailable", "系统繁忙"),
        ("/trouble/broken", 500, "internal-error", "系统内部出错"),
        ("/static/nothing.css", 404, "no-such-address", "该地址不存在"),
        ("/nowhere?a=%00", 400, "malformed", "请求无法解析"),
    ],
)
async def test_a_browser_is_told_in_a_page(
    client: httpx.AsyncClient, path: str, status: int, code: str, sentence: str
) -> None:
    page = await client.get(path, headers=BROWSER | {"X-Test-Caller": "1 nothing"})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert sentence in page.text
    assert f"<dd>{code}</dd>" in page.text
    assert f"<dd>{page.headers['x-request-id']}</dd>" in page.text
    assert 'id="main"' in page.text


async def test_the_page_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    page = await client.get("/trouble/slow-down", headers=BROWSER)
    assert page.headers["retry-after"] == "30"
    assert "请在 30 秒后再试" in page.text


async def test_it_speaks_the_language_that_was_chosen(client: httpx.AsyncClient) -> None:
    page = await client.get("/trouble/busy", headers=BROWSER | {"Cookie": "hc_language=en"})
    assert page.headers["content-language"] == "en"
    assert "The service is too busy just now" in page.text
    assert not re.search(r"[\u4e00-\u9fff]", page.text.replace("中文", ""))


async def test_programs_and_the_interface_get_json(client: httpx.AsyncClient) -> None:
    for path, headers in (("/nowhere", {}), ("/api/v1/nowhere", BROWSER)):
        answer = await client.get(path, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "no-such-address"


async def test_what_a_problem_means_is_a_page_too(client: httpx.AsyncClient) -> None:
    page = await client.get("/problems/unavailable", headers=BROWSER)
    assert "系统繁忙" in page.text
    assert "The service is too busy just now" in page.text


async def test_a_guests_page_is_packed_and_that_of_somebody_signed_in_is_not(client: httpx.AsyncClient) -> None:
    guest = await client.get("/nowhere", headers=BROWSER)
    assert guest.headers["content-encoding"] == "gzip"
    signed_in = await client.get("/nowhere", headers=BROWSER | {"Cookie": "hc_session=x"})
    assert "content-encoding" not in signed_in.headers


async def test_the_kits_samples_are_not_in_production(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, production=True))
    for path in ("/kit", "/kit/desk"):
        assert (await client.get(path, headers=BROWSER)).status_code == 404
