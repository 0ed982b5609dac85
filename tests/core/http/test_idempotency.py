"""A request with a key is carried out once and answered alike, whatever the network or the client does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, Response
from fixtures.callers import STAFF, city_of
from fixtures.http import calling
from pydantic import BaseModel

from healthcloud.core import idempotency
from healthcloud.core.caller import GUEST, Caller, CallerKind
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict, Unauthenticated
from healthcloud.core.http import needs_nothing, problems
from healthcloud.core.idempotency import OnceIn, once_problems

router = APIRouter(prefix="/things", tags=["things"], dependencies=[needs_nothing("a test")])
NUMBER = "370402190001010015"


class Full(Conflict):
    """There is no room."""

    code = "test-full"
    zh = "已满。"


class Wish(BaseModel):
    name: str
    fail: bool = False


class Made(BaseModel):
    count: int
    name: str


async def _make(tx: Transaction, wish: Wish) -> Made:
    await tx.run("INSERT INTO t.made (name) VALUES ($1)", wish.name)
    if wish.fail:
        raise Full
    return Made(count=await tx.value(int, "SELECT count(*)::int FROM t.made") or 0, name=wish.name)


@router.post("/{shelf}", status_code=201, response_model=Made, responses=problems(Full, *once_problems))
async def make(shelf: str, wish: Wish, once: OnceIn) -> Response:  # noqa: ARG001 - the path must differ
    return await once(lambda tx: _make(tx, wish))


@pytest.fixture(scope="module", autouse=True)
async def made(owner_url: str) -> Any:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        "CREATE SCHEMA t; GRANT USAGE ON SCHEMA t TO healthcloud_app; CREATE TABLE t.made (name text);"
        "GRANT INSERT, SELECT ON t.made TO healthcloud_app"
    )
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(city_of(database, router)) as client:
        yield client


async def post(
    client: httpx.AsyncClient, key: str | None, name: str, *, path: str = "a", caller: str = "7", **more: Any
) -> httpx.Response:
    headers = {"X-Test-Caller": caller} | ({} if key is None else {"Idempotency-Key": key})
    return await client.post(f"/api/v1/things/{path}", json={"name": name, **more}, headers=headers)


async def times(made: asyncpg.Connection, name: str) -> int:
    return int(await made.fetchval("SELECT count(*) FROM t.made WHERE name = $1", name))


async def test_the_same_request_again_is_the_same_answer(client: httpx.AsyncClient, made: asyncpg.Connection) -> None:
    first = await post(client, "key-0000001", "甲")
    again = await post(client, '"key-0000001"', "甲")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.json()["name"] == "甲"
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert await times(made, "甲") == 1


async def test_twenty_at_once_are_carried_out_once(client: httpx.AsyncClient, made: asyncpg.Connection) -> None:
    answers = await asyncio.gather(*(post(client, "key-at-once", "twenty") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1
    assert await times(made, "twenty") == 1


@pytest.mark.parametrize("other", [{"name": "another"}, {"name": "first", "path": "b"}])
async def test_a_key_is_not_for_another_request(client: httpx.AsyncClient, other: dict[str, Any]) -> None:
    key = f"key-{sorted(other)}".replace("'", "").replace("[", "").replace("]", "").replace(", ", "-")
    assert (await post(client, key, "first")).status_code == 201
    refused = await post(client, key, **other)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")


async def test_two_callers_may_have_the_same_key(client: httpx.AsyncClient, made: asyncpg.Connection) -> None:
    assert (await post(client, "key-shared", "of seven", caller="7")).status_code == 201
    other = await post(client, "key-shared", "of eight", caller="8")
    assert other.json()["name"] == "of eight"
    assert await times(made, "of eight") == 1


async def test_a_refusal_is_not_kept_so_the_request_may_succeed_later(
    client: httpx.AsyncClient, made: asyncpg.Connection
) -> None:
    refused = await post(client, "key-refused", "later", fail=True)
    assert refused.json()["code"] == "test-full"
    assert await times(made, "later") == 0
    assert (await post(client, "key-refused", "later")).status_code == 201


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency-key-missing"),
        ("short", "idempotency-key-unusable"),
        ("x" * 129, "idempotency-key-unusable"),
        ("with a space", "idempotency-key-unusable"),
        (NUMBER, "idempotency-key-unusable"),
        (f'"{NUMBER}"', "idempotency-key-unusable"),
        ("13800001234", "idempotency-key-unusable"),
    ],
)
async def test_a_key_must_be_there_and_be_nobodys_number(client: httpx.AsyncClient, key: str | None, code: str) -> None:
    answer = await post(client, key, "x")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_what_is_kept_tells_nothing(client: httpx.AsyncClient, made: asyncpg.Connection) -> None:
    await post(client, "key-sealed", NUMBER)
    row = await made.fetchrow("SELECT * FROM core.idempotency WHERE key = 'key-sealed'")
    assert row is not None
    assert NUMBER.encode() not in b"".join(value for value in row.values() if isinstance(value, bytes))
    assert NUMBER not in str([value for value in row.values() if isinstance(value, str)])


CALLER = Caller(CallerKind.STAFF, STAFF)


async def _once(database: Database, caller: Caller, key: str, body: bytes = b"") -> idempotency.Answer:
    async def act(tx: Transaction) -> dict[str, str]:
        return {"at": tx.clock.now().isoformat()}

    async def carried_out(tx: Transaction) -> idempotency.Answer:
        return await idempotency.once(tx, caller, "POST /t", key, body, act)

    return await database.transact(carried_out)


def _at(database: Database, now: datetime) -> Database:
    return Database(database._pool, database.url, Clock(fixed=now), database.vault)


async def test_a_day_later_the_key_is_free_again_and_the_answer_can_be_forgotten(database: Database) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    first = await _once(_at(database, noon), CALLER, "key-day-one")
    just_before = await _once(_at(database, noon + timedelta(hours=24, seconds=-1)), CALLER, "key-day-one", b"")
    after = await _once(_at(database, noon + timedelta(hours=24)), CALLER, "key-day-one", b"another body")
    assert just_before == idempotency.Answer(first.status, first.body, replayed=True)
    assert after.body != first.body

    far = _at(database, noon + timedelta(days=400 * 365))
    assert await far.transact(idempotency.forget_expired) > 0
    assert await far.transact(idempotency.forget_expired) == 0


async def test_the_person_acted_for_is_part_of_the_request(database: Database) -> None:
    mother = Caller(CallerKind.RESIDENT, STAFF, on_behalf_of=UUID(int=1))
    father = Caller(CallerKind.RESIDENT, STAFF, on_behalf_of=UUID(int=2))
    await _once(database, mother, "key-parents")
    with pytest.raises(idempotency.KeyReused):
        await _once(database, father, "key-parents")


async def test_guests_have_no_keys_since_they_are_nobody(database: Database) -> None:
    with pytest.raises(Unauthenticated):
        await _once(database, GUEST, "key-guest")


async def test_a_twin_waits_for_the_first_and_runs_itself_when_that_failed(database: Database) -> None:
    # Given a first request that holds the key in an open transaction
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Transaction) -> str:
        begun.set()
        await go_on.wait()
        raise Full

    async def first(tx: Transaction) -> idempotency.Answer:
        return await idempotency.once(tx, CALLER, "POST /t", "key-twins", b"", slow)

    failing = asyncio.create_task(database.transact(first))
    await begun.wait()
    # When its twin comes
    twin = asyncio.create_task(_once(database, CALLER, "key-twins"))
    done, _ = await asyncio.wait([twin], timeout=0.2)
    assert not done
    # Then it waits, and once the first was rolled back it is carried out
    go_on.set()
    with pytest.raises(Full):
        await failing
    assert (await twin).replayed is False
