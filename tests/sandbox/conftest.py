"""A sandbox in the test's own process, with one institution's machine in it."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from fixtures.cities import settings_for
from fixtures.databases import Copy
from fixtures.http import calling
from fixtures.sandbox_tried import Sandbox

from healthcloud import access, sandbox
from healthcloud.core.caller import SYSTEM
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import load_city
from healthcloud.server.processes.worker import application_of
from healthcloud.server.sandboxing.invented import invent
from healthcloud.server.trying import recorded


@pytest.fixture(scope="module")
async def sandbox_city(module_copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A city of invented people that says it is a sandbox."""
    settings = settings_for(module_copy, tmp_path_factory.mktemp("var"), sandbox=True)
    async with open_city(settings) as city:
        yield city


@pytest.fixture(scope="module")
async def trying(sandbox_city: City) -> AsyncIterator[Sandbox]:
    """The sandbox served, its citizens written, a machine admitted."""
    city = sandbox_city
    loaded = await load_city(city.database)
    (city.settings.var / "demonstration").mkdir(parents=True)
    invent(city.settings, date(2026, 11, 23))
    client = await city.database.transact(
        lambda tx: access.create_client(tx, SYSTEM, loaded.ids[1], "HIS", ["cards.verify", "people.open"])
    )
    key = await city.database.transact(lambda tx: access.add_client_key(tx, SYSTEM, client.client_id))
    application = recorded(application_of(city), city.trying, city.authenticator)
    assert isinstance(application, sandbox.Recorder)
    async with calling(application) as http:
        yield Sandbox(city, http, str(loaded.ids[1]), key)


@pytest.fixture(autouse=True)
async def _set_back(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Leave no switch on for the next test."""
    yield
    if "trying" in request.fixturenames:
        trying: Sandbox = request.getfixturevalue("trying")
        await trying.client.post("/sandbox/reset", json={})
        assert trying.city.trying is not None
        await trying.city.trying.renew()
