"""Every error, whoever raised it, is an RFC 9457 problem in both languages and repeats nothing that was sent."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import APIRouter
from fixtures.callers import city_of
from fixtures.http import Serve, calling
from pydantic import Field, field_validator

from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict, TooMany
from healthcloud.core.http import BrokenRule, DatabaseIn, Day, Moment, Wish, needs_nothing, problems

NUMBER = "370402190001010015"
router = APIRouter(prefix="/things", tags=["things"], dependencies=[needs_nothing("a test")])


class Thing(Wish):
    phone: Annotated[str, Field(min_length=11, max_length=11)]
    count: int = 1
    holder: UUID | None = None
    labels: dict[str, int] = Field(default_factory=dict)
    day: Day | None = None
    moment: Moment | None = None

    @field_validator("count")
    @classmethod
    def _at_most_nine(cls, count: int) -> int:
        if count > 9:
            raise BrokenRule(en="is more than one person may ask for", zh="超过每人可申请的数量")
        return count


class AlreadyThere(Conflict):
    """This thing is there already."""

    code = "test-already-there"
    zh = "已存在。"


@router.post("", status_code=201)
async def make(wish: Thing) -> Thing:
    return wish


@router.put("")
async def replace(wish: Thing) -> Thing:
    return wish


@router.get("/clash", responses=problems(AlreadyThere))
async def clash() -> None:
    raise AlreadyThere(detail="the second one", version=3)


@router.get("/busy", responses=problems(TooMany))
async def busy() -> None:
    raise TooMany(retry_after=17)


@router.get("/broken")
async def broken(number: str) -> None:
    raise RuntimeError(number)


@router.post("/deferred", status_code=201)
async def deferred(database: DatabaseIn) -> dict[str, str]:
    async def act(tx: Transaction) -> None:
        await tx.run("INSERT INTO t.once VALUES (1)")
        await tx.run("INSERT INTO t.once VALUES (1)")

    await database.transact(act)
    return {"said": "booked"}


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(city_of(database, router)) as client:
        yield client


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "zh-CN, en"
    assert answer.headers["cache-control"] == "no-store"
    assert body["type"] == f"/problems/{code}"
    assert body["title"].isascii()
    assert not body["title_zh"].isascii()
    assert body["who_acts"]
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


async def test_a_raised_problem_carries_its_detail_and_its_facts(client: httpx.AsyncClient) -> None:
    body = assert_problem(await client.get("/api/v1/things/clash"), 409, "test-already-there")
    assert body["title"] == "This thing is there already."
    assert body["title_zh"] == "已存在。"
    assert body["detail"] == "the second one"
    assert body["version"] == 3


async def test_a_problem_that_says_when_to_come_back_has_retry_after(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/things/busy")
    assert_problem(answer, 429, "too-many")
    assert answer.headers["retry-after"] == "17"


@pytest.mark.parametrize(
    ("sent", "pointer", "en"),
    [
        ({}, "#/phone", "is required"),
        ({"phone": NUMBER}, "#/phone", "must have at most 11 characters"),
        ({"phone": "1"}, "#/phone", "must have at least 11 characters"),
        ({"phone": 13800000000}, "#/phone", "must be text"),
        ({"phone": "13800000000", "count": NUMBER + "?"}, "#/count", "must be a whole number"),
        ({"phone": "13800000000", "count": 10}, "#/count", "is more than one person may ask for"),
        ({"phone": "13800000000", "holder": NUMBER}, "#/holder", "must be a UUID"),
        ({"phone": "13800000000", "labels": {NUMBER: "x"}}, "#/labels/…", "must be a whole number"),
        ({"phone": "13800000000", NUMBER: 1}, "#/…", "is not a field of this request"),
        ({"phone": "13800000000", "colour": 1}, "#/colour", "is not a field of this request"),
        ({"phone": "13800000000", "day": 0}, "#/day", "must begin with YYYY-MM-DD"),
        ({"phone": "13800000000", "day": "0"}, "#/day", "must begin with YYYY-MM-DD"),
        ({"phone": "13800000000", "moment": 1.5}, "#/moment", "must begin with YYYY-MM-DD"),
        ({"phone": "13800000000", "moment": "2026-11-23T08:00:00"}, "#/moment", "must name its time zone"),
        ([NUMBER], "#", "must be a JSON object"),
    ],
)
async def test_a_broken_rule_is_told_field_by_field_without_the_value(
    client: httpx.AsyncClient, sent: Any, pointer: str, en: str
) -> None:
    answer = await client.post("/api/v1/things", json=sent)
    body = assert_problem(answer, 422, "unacceptable")
    assert [(fault["pointer"], fault["en"]) for fault in body["errors"]] == [(pointer, en)]
    assert all(not fault["zh"].isascii() for fault in body["errors"])
    assert NUMBER not in answer.text


@pytest.mark.parametrize(
    ("body", "en"),
    [
        (b'{"phone": "138', "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b'{"phone": "138\\u00000000000"}', "holds a NUL character"),
        (b'{"labels": ' + b"[" * 40 + b"]" * 40 + b"}", "nests deeper than 32"),
        (b"[" * 200_000, "nests deeper than 32"),
        (b'{"phone": "13800000000", "phon\\u0065": "13900000000"}', "names a field twice"),
        (b'{"phone": "13800000000", "labels": {"a": 1, "a": 1}}', "names a field twice"),
    ],
)
async def test_what_cannot_be_read_is_400(client: httpx.AsyncClient, body: bytes, en: str) -> None:
    answer = await client.post("/api/v1/things", content=body, headers={"Content-Type": "application/json"})
    assert assert_problem(answer, 400, "malformed")["errors"][0]["en"] == en


@pytest.mark.parametrize("text", ["[" * 40, "\\\\u0000 is said, not sent", '{"a": "\\"[[[[' + "[" * 40 + '"}'])
async def test_text_that_only_looks_deep_or_nul_is_read(client: httpx.AsyncClient, text: str) -> None:
    answer = await client.post("/api/v1/things", json={"phone": text})
    assert_problem(answer, 422, "unacceptable")


async def test_a_body_over_the_limit_is_413_whether_its_length_is_declared_or_not(client: httpx.AsyncClient) -> None:
    async def pieces() -> Any:
        for _ in range(30):
            yield b" " * 50_000

    declared = await client.post("/api/v1/things", content=b" " * 1_500_000)
    assert assert_problem(declared, 413, "body-too-large")["limit_bytes"] == 1 << 20
    assert_problem(await client.post("/api/v1/things", content=pieces()), 413, "body-too-large")


async def test_the_router_speaks_in_problems_too(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/api/v1/nothing/here"), 404, "no-such-address")
    answer = await client.delete("/api/v1/things")
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST, PUT"
    assert_problem(await client.get("/api/v1/things/clash?q=%00"), 400, "malformed")
    assert_problem(await client.get("/api/v1/things/%00"), 400, "malformed")


async def test_what_nobody_foresaw_is_500_and_says_nothing_of_it(
    client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await client.get(f"/api/v1/things/broken?number={NUMBER}")
    assert_problem(answer, 500, "internal-error")
    assert NUMBER not in answer.text
    # And the server still answers on the same connection.
    assert_problem(await client.get("/api/v1/things/clash"), 409, "test-already-there")
    capfd.readouterr()


async def test_a_failure_at_commit_is_never_told_as_done(database: Database, owner_url: str, serve: Serve) -> None:
    # Given a rule that PostgreSQL checks only at COMMIT
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        "CREATE SCHEMA t; GRANT USAGE ON SCHEMA t TO healthcloud_app;"
        "CREATE TABLE t.once (n int, CONSTRAINT once_n UNIQUE (n) DEFERRABLE INITIALLY DEFERRED);"
        "GRANT INSERT, SELECT ON t.once TO healthcloud_app"
    )
    try:
        # When a request breaks it
        client = await serve(city_of(database, router))
        answer = await client.post("/api/v1/things/deferred")
        # Then it is answered 5xx, not 201, and nothing was written
        assert_problem(answer, 500, "internal-error")
        assert await connection.fetchval("SELECT count(*) FROM t.once") == 0
    finally:
        await connection.close()
