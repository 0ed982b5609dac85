"""The edge around every route: request ids, headers, cross-site writes, the access line."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fixtures.callers import city_of
from fixtures.http import Serve, calling
from fixtures.logs import set_up_test_logs

from healthcloud.core.db import Database
from healthcloud.core.http import needs, needs_nothing
from healthcloud.core.logs import set_up_logs

NUMBER = "370402190001010015"
router = APIRouter(prefix="/things", tags=["things"])


@router.get("/{number}", dependencies=[needs("things.see")])
async def see(number: str) -> str:
    return number


@router.post("", dependencies=[needs_nothing("a test")])
async def make() -> str:
    return "made"


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(city_of(database, router, public_url="https://health.example")) as client:
        yield client


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs(form="json", stream=stream)
    yield stream
    set_up_test_logs()


def read(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_every_response_has_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/docs", "/api/v1/nothing", "/static/api/docs.js"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
    assert (await client.get("/healthz")).headers["cache-control"] == "no-store"
    assert (await client.get("/static/api/docs.js")).headers["cache-control"] == "no-cache"


async def test_production_insists_on_https(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, production=True))
    assert (await client.get("/healthz")).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("said", ["a sentence", "x" * 65, "short", "<script>aaaa"])
async def test_a_sane_request_id_is_kept_and_any_other_replaced(client: httpx.AsyncClient, said: str) -> None:
    kept = await client.get("/healthz", headers={"X-Request-Id": "hospital-7.2026_11"})
    assert kept.headers["x-request-id"] == "hospital-7.2026_11"
    other = await client.get("/healthz", headers={"X-Request-Id": said})
    assert other.headers["x-request-id"] != said
    assert len(other.headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program without cookies
        ({"Authorization": "HC1-HMAC-SM3 key=…".replace("…", "k")}, 200),
        ({"Cookie": "hc_session=s", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Cookie": "hc_session=s", "Sec-Fetch-Site": "none"}, 200),
        ({"Cookie": "hc_session=s", "Origin": "https://health.example"}, 200),
        ({"Cookie": "hc_session=s", "Origin": "<own>"}, 200),
        ({"Cookie": "hc_session=s"}, 403),  # an old browser hides where it comes from
        ({"Cookie": "hc_session=s", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Cookie": "hc_session=s", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Cookie": "hc_session=s", "Sec-Fetch-Site": "cross-site", "Origin": "<own>"}, 403),
        ({"Cookie": "hc_session=s", "Origin": "https://evil.example"}, 403),
        ({"Cookie": "hc_session=s", "Origin": "null"}, 403),
        ({"Cookie": "hc_session=s", "Origin": "https://health.example.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),  # signing somebody in from another page
        ({"Origin": "https://evil.example"}, 403),
    ],
)
async def test_another_sites_page_cannot_write(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    own = str(client.base_url).rstrip("/")
    sent = {name: own if value == "<own>" else value for name, value in headers.items()}
    answer = await client.post("/api/v1/things", headers=sent)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "cross-site"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
async def test_the_rule_holds_for_every_unsafe_method_and_path(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/healthz", headers={"Cookie": "a=b", "Sec-Fetch-Site": "cross-site"})
    assert answer.json()["code"] == "cross-site"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_with_cookies_an_api_body_must_be_json(client: httpx.AsyncClient, kind: str) -> None:
    headers = {"Cookie": "hc_session=s", "Sec-Fetch-Site": "same-origin", "Content-Type": kind}
    answer = await client.post("/api/v1/things", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type-not-accepted")
    as_json = headers | {"Content-Type": "application/json; charset=utf-8"}
    assert (await client.post("/api/v1/things", content=b"{}", headers=as_json)).status_code == 200


async def test_a_form_of_our_own_pages_passes_outside_the_api(client: httpx.AsyncClient) -> None:
    headers = {"Cookie": "hc_session=s", "Sec-Fetch-Site": "same-origin"}
    answer = await client.post("/healthz", data={"a": "b"}, headers=headers)
    assert answer.json()["code"] == "method-not-allowed"
    plain = await client.post("/healthz", content=b"a", headers=headers | {"Content-Type": "text/plain"})
    assert plain.json()["code"] == "media-type-not-accepted"


async def test_a_body_that_does_not_arrive_is_given_up(database: Database, serve: Serve) -> None:
    client = await serve(city_of(database, router, body_seconds=0.05))
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(b"POST /api/v1/things HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n{")
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()


async def test_one_access_line_per_request_names_the_route_and_the_caller_never_the_path(
    client: httpx.AsyncClient, lines: io.StringIO
) -> None:
    answer = await client.get(f"/api/v1/things/{NUMBER}?q={NUMBER}", headers={"X-Test-Caller": "7 things.see"})
    assert answer.status_code == 200
    await client.get(f"/api/v1/things/{NUMBER}")
    await client.get(f"/nowhere/{NUMBER}")
    first, second, third = read(lines)
    assert first["route"] == "/api/v1/things/{number}"
    assert (first["method"], first["status"], first["caller"]) == ("GET", 200, "staff")
    assert first["caller_id"] == "00000000-0000-0000-0000-000000000007"
    assert first["request_id"] == answer.headers["x-request-id"]
    assert first["ms"] > 0
    assert (second["status"], second["problem"]) == (401, "unauthenticated")
    assert (third["route"], third["status"]) == ("unmatched", 404)
    assert NUMBER not in lines.getvalue()
