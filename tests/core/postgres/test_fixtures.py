"""The fixtures themselves: what everybody's tests stand on."""

import asyncpg
import pytest
from fixtures.http import Serve
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from healthcloud.core.db import Database


async def test_a_copy_belongs_to_the_owner_and_serves_the_application(database: Database, owner_url: str) -> None:
    owner = await asyncpg.connect(owner_url)
    await owner.execute("CREATE SCHEMA trial CREATE TABLE seen (id int)")
    await owner.execute("GRANT USAGE ON SCHEMA trial TO healthcloud_app; GRANT SELECT ON trial.seen TO healthcloud_app")
    await owner.close()
    async with database.read() as read:
        assert await read.value(str, "SELECT current_user::text") == "healthcloud_app"
        assert await read.values(int, "SELECT id FROM trial.seen") == []


async def test_the_application_makes_no_tables(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.transact(lambda tx: tx.run("CREATE TABLE public.mine (id int)"))


async def test_a_fresh_database_is_another_one(database: Database, fresh_database: Database) -> None:
    async with database.read() as one, fresh_database.read() as other:
        names = [await read.value(str, "SELECT current_database()::text") for read in (one, other)]
    assert names[0] != names[1]


async def test_an_application_is_served_over_a_real_port(serve: Serve) -> None:
    async def hello(_: Request) -> Response:
        return PlainTextResponse("您好")

    client = await serve(Starlette(routes=[Route("/", hello)]))
    assert (await client.get("/")).text == "您好"
