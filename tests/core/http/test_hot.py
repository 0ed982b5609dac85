"""A hot endpoint has a thin edge, and still the same problems, limits and cross-site rule as every route."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from fixtures.callers import city_of
from fixtures.http import Serve, calling

from healthcloud.core.caller import Credentials
from healthcloud.core.db import Database
from healthcloud.core.errors import Unavailable
from healthcloud.core.http import HotDocument, HotEndpoint, decoded
from healthcloud.core.settings import Settings

PATH = "/api/v1/scan"
NUMBER = "370402190001010015"


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """One scan."""

    code: str
    times: int = 1


class Answer(msgspec.Struct):
    """What stands there."""

    seen: str


ASK = msgspec.json.Decoder(Ask)
DOCUMENT = HotDocument(PATH, "cards.verify", "Scan", "Scan a code. 扫码。", Ask, Answer, (Unavailable,), "cards")


async def scan(credentials: Credentials) -> bytes:
    ask = decoded(ASK, credentials.body)
    if ask.code == "full":
        raise Unavailable(retry_after=1)
    if ask.code == "broken":
        raise RuntimeError(NUMBER)
    return msgspec.json.encode(Answer(f"{credentials.target} {credentials.cookies} {ask.code}"))


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(city_of(database, hot=[HotEndpoint(DOCUMENT, scan, Settings())])) as client:
        yield client


async def test_it_answers_json_with_a_request_id(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{PATH}?a=1", json={"code": "x"})
    assert (answer.status_code, answer.json()) == (200, {"seen": f"{PATH}?a=1 {{}} x"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    ("sent", "status", "code", "pointer"),
    [
        (b'{"code": "full"}', 503, "unavailable", None),
        (b'{"code": "broken"}', 500, "internal-error", None),
        (b"{", 400, "malformed", "#"),
        (b'{"code": "x", "code": "y"}', 400, "malformed", "#"),
        (b'{"code": "\xff"}', 400, "malformed", "#"),
        (b"[" * 100_000, 422, "unacceptable", "#"),
        (b"{}", 422, "unacceptable", "#/code"),
        (b'{"code": "x", "times": "%s"}' % NUMBER.encode(), 422, "unacceptable", "#/times"),
        (b'{"code": "x", "%s": 1}' % NUMBER.encode(), 422, "unacceptable", "#"),
        (b" " * (1 << 21), 413, "body-too-large", None),
    ],
)
async def test_its_refusals_are_problems_like_all_others(
    client: httpx.AsyncClient, sent: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = await client.post(PATH, content=sent)
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert [fault["pointer"] for fault in body.get("errors", [])] == ([] if pointer is None else [pointer])
    assert NUMBER not in answer.text
    assert answer.headers.get("retry-after") == ("1" if status == 503 else None)


async def test_only_post_and_only_from_our_own_pages(client: httpx.AsyncClient) -> None:
    got = await client.get(PATH)
    assert (got.status_code, got.headers["allow"]) == (405, "POST")
    crossing = {"Cookie": "hc_session=s", "Sec-Fetch-Site": "cross-site"}
    assert (await client.post(PATH, json={"code": "x"}, headers=crossing)).json()["code"] == "cross-site"
    own = crossing | {"Sec-Fetch-Site": "same-origin"}
    answer = await client.post(PATH, json={"code": "x"}, headers=own)
    assert answer.json()["seen"] == f"{PATH} {{'hc_session': 's'}} x"


async def test_a_client_that_leaves_midway_does_no_harm(client: httpx.AsyncClient) -> None:
    _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: here\r\nContent-Length: 90\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await client.post(PATH, json={"code": "x"})).status_code == 200


async def test_who_comes_to_a_full_queue_is_turned_away_unheard(database: Database, serve: Serve) -> None:
    """Given a full queue, whatever is asked is answered 503 with an id and a time to come back; then all is well."""
    full, heard = True, 0

    async def count(credentials: Credentials) -> bytes:
        nonlocal heard
        heard += 1
        return await scan(credentials)

    client = await serve(city_of(database, hot=[HotEndpoint(DOCUMENT, count, Settings(), lambda: full)]))
    answers = [await client.post(PATH, content=b"{" * size) for size in (1, 100, 100_000, 1)]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert [answer.headers["retry-after"] for answer in answers] == ["1", "2", "3", "1"]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert [answer.json()["request_id"] for answer in answers] == ids
    assert len({*ids}) == 4
    assert answers[0].json()["code"] == "unavailable"
    full = False
    assert (await client.post(PATH, json={"code": "x"})).status_code == 200
    assert heard == 1


async def test_openapi_documents_it_like_every_route(client: httpx.AsyncClient) -> None:
    schema: dict[str, Any] = (await client.get("/openapi.json")).json()
    operation = schema["paths"][PATH]["post"]
    assert operation["x-scopes"] == ["cards.verify"]
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Ask"}
    assert set(schema["components"]["schemas"]["Ask"]["properties"]) == {"code", "times"}
    assert operation["responses"]["503"]["x-problem-codes"] == ["unavailable", "outcome-unknown"]
    assert set(operation["responses"]) >= {"200", "400", "401", "403", "413", "422", "500", "503"}
