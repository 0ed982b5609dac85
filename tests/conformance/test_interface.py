"""Whatever is sent, every operation answers as its OpenAPI document says: status, media type, headers, schema."""

import asyncio
from datetime import date
from typing import Literal

import pytest
from conformance.city import Whole
from conformance.exploring import faults, reachable
from fastapi import APIRouter, Response
from fixtures.callers import city_of
from fixtures.http import served
from people.makers import next_name, next_number

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.http import needs_nothing
from healthcloud.core.ids import new_id

# Boundary cases of every operation, and random requests besides. They are thousands, so `make city` pays them; only
# the few operations of an institution's program are explored here as well, by their boundary cases.
CITY = pytest.mark.city
DEPTHS = [("machine", 0)]
DEPTHS_OF_CITY = [pytest.param(who, 20, marks=CITY) for who in ("guest", "resident", "machine", "staff")]


async def _explored(city: Whole, caller: Caller | None, random: int) -> list[str]:
    scopes = caller.scopes if caller else frozenset()
    headers = {} if caller is None else city.town.callers.header(caller)
    known = {
        "header.Idempotency-Key": [new_id().hex for _ in range(5000)],
        "institution_id": [str(city.here.id)],
        "path.terminal_id": [str(city.here.window), str(city.here.pharmacy)],
        "path.client_id": [str(city.here.client_id)],
        "path.key_id": [str(city.here.key_id)],
        "person_id": [str(city.holder.person_id)],
        "body.person_id": [str(city.holder.person_id)],
        "path.name": ["sex", "med-step"],
        "body.code": [city.town.code(city.holder.card)],
        "body.terminal": [str(city.here.window)],
        "body.name": [next_name() for _ in range(4)],
        "body.document.kind": ["01"],
        "body.document.number": [next_number() for _ in range(40)],
        "body.class_code": ["A100"],
        "body.ownership_code": ["1"],
        "body.district_code": ["370402"],
        "body.phone": ["13900000000", "13900000001"],
    }
    return await asyncio.to_thread(
        faults, city.document, reachable(city.document, scopes), city.url, headers, known, random=random
    )


@pytest.mark.parametrize(("who", "random"), [*DEPTHS, *DEPTHS_OF_CITY])
async def test_whoever_calls_meets_only_what_is_documented(
    city: Whole, who: Literal["guest", "staff", "resident", "machine"], random: int
) -> None:
    assert await _explored(city, None if who == "guest" else city.caller(who), random) == []


liar = APIRouter(prefix="/lies", tags=["lies"], dependencies=[needs_nothing("a test")])


@liar.get("/failing")
async def failing(on: date) -> None:
    raise RuntimeError(on)


@liar.get("/undocumented")
async def undocumented() -> Response:
    return Response(status_code=418)


@liar.get("/another-type", response_model=dict[str, int])
async def another_type() -> Response:
    return Response('{"one": "1"}', media_type="application/json")


@liar.get("/another-kind", response_model=dict[str, int])
async def another_kind() -> Response:
    return Response("1", media_type="text/plain")


async def test_the_exploration_can_fail(database: Database) -> None:
    app = city_of(database, liar)
    async with served(app, hold=False) as url:
        document = app.api.openapi()
        lies = [name for name in reachable(document, frozenset()) if name.startswith("lies.")]
        told = "\n".join(await asyncio.to_thread(faults, document, lies, url, {}, {}, random=5))
    for lie in ("failing: Server error", "undocumented: Undocumented status", "another-type: Response violates schema"):
        assert lie in told
    assert "another-kind: Undocumented Content-Type" in told
    assert "failing: Schema-violating request accepted" not in told
