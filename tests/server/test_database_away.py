"""The database is gone: what needs none is served, everything else is told so at once, and soon all is well again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from fixtures.cities import CHEAP
from fixtures.http import calling
from fixtures.servers import Make
from pydantic import SecretStr

from healthcloud import cards
from healthcloud.core.postgres import EmbeddedPostgres, apply_migrations
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.processes.worker import application_of
from healthcloud.web.assets import asset

# Without a database these answer as ever.
LIVING = (
    "/healthz",
    "/sign-in",
    asset("kit/kit.js"),
    "/openapi.json",
    "/problems/unavailable",
    "/guides",
    "/device-check",
)
LISTS = ("/api/v1/offline/trust", "/api/v1/offline/revocations", "/api/v1/offline/revocations?after=1")
SIGNED_IN = {"Cookie": "hc_session=whose-it-is-cannot-be-told"}
# These need one, and say that it is away.
ASLEEP = ("/readyz", "/hospitals", "/api/v1/institutions")
SOON = 2.0


@pytest.fixture
async def server(make: Make) -> EmbeddedPostgres:
    server = make()
    await asyncio.to_thread(server.start)
    await apply_migrations(server.owner_url, progress=lambda _: None)
    return server


@pytest.fixture
async def client(server: EmbeddedPostgres, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    urls = {"database_url": SecretStr(server.app_url), "owner_database_url": SecretStr(server.owner_url)}
    settings = Settings(var=tmp_path / "var", **urls, **CHEAP)  # type: ignore[arg-type]  # of the fields' own types
    async with open_city(settings) as city, calling(application_of(city)) as client:
        policy = cards.offline.Policy.of(settings)
        await city.database.transact(lambda tx: cards.offline.publish(tx, policy))
        yield client


async def test_a_city_lives_without_its_database(server: EmbeddedPostgres, client: httpx.AsyncClient) -> None:
    for path in (*LIVING, *LISTS, *ASLEEP):
        assert (await client.get(path)).status_code < 500, path

    await asyncio.to_thread(server.stop)
    for path in (*LIVING, *LISTS):
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get("/card", headers=SIGNED_IN)).status_code == 200, "the page, which has its own store"
    async with asyncio.timeout(SOON):
        answers = await asyncio.gather(*(client.get(path) for path in ASLEEP * 10))
    for answer in answers:
        assert answer.status_code == 503, answer.request.url
        assert msgspec.json.decode(answer.content)["code"] in ("unavailable", "not-ready")
        assert int(answer.headers["retry-after"]) > 0
    page = await client.get("/hospitals", headers={"Accept": "text/html"})
    assert "请稍后再试" in page.text

    await asyncio.to_thread(server.start)
    async with asyncio.timeout(10):
        while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110 - it is another process's
            await asyncio.sleep(0.05)
    assert (await client.get("/hospitals")).status_code == 200
