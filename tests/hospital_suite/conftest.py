"""A sandbox city served, and a hospital simulator that is driven over HTTP."""

import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date

import msgspec
import pytest
from fixtures.cities import settings_for
from fixtures.databases import Copy
from fixtures.http import served
from pydantic import SecretStr

from healthcloud.core.settings import Settings
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import Ledger, load_city
from healthcloud.server.processes.worker import application_of
from healthcloud.server.sandboxing.invented import invent
from healthcloud.server.sandboxing.keys import make_keys
from healthcloud.server.trying import recorded
from healthcloud_simulators.hospital.making import hospital_of
from healthcloud_simulators.hospital.serving import HospitalServer
from healthcloud_simulators.options import Options
from healthcloud_simulators.registry import create_app as registry_app


@pytest.fixture(scope="module")
def settings(module_copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A sandbox's settings, its citizens written."""
    settings = settings_for(module_copy, tmp_path_factory.mktemp("var"), sandbox=True)
    Ledger.of(settings).folder.mkdir(parents=True)
    invent(settings, date(2026, 11, 23))
    return settings


@pytest.fixture(scope="module")
async def trying(settings: Settings) -> AsyncIterator[City]:
    """A sandbox with its institutions, and a population registry that knows its citizens."""
    registry = registry_app(Options("simulator-only", Ledger.of(settings).registry_file))
    async with served(registry) as address:
        told = {"registry_url": address, "registry_key": SecretStr("simulator-only"), "simulators": [address]}
        async with open_city(settings.model_copy(update=told)) as city:
            await load_city(city.database)
            yield city


@pytest.fixture(scope="module")
async def url(trying: City) -> AsyncIterator[str]:
    """Where the city is served, journal and all."""
    async with served(recorded(application_of(trying), trying.trying, trying.authenticator)) as url:
        yield url


@pytest.fixture(scope="module")
async def server(trying: City, url: str) -> AsyncIterator[HospitalServer]:
    """The first hospital's simulator, served."""
    keys = await make_keys(trying)
    hospital = hospital_of(url, "127.0.0.1:9", msgspec.to_builtins(keys[0]), None)
    server = HospitalServer(hospital, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
    hospital.link.client.close()


@pytest.fixture
def hospital(server: HospitalServer) -> Iterator[HospitalServer]:
    """The same, with an empty book, and keeping every rule again afterwards."""
    book = server.hospital.book
    book.patients.clear()
    book.uses.clear()
    book.reported.clear()
    book.waiting.clear()
    yield server
    server.hospital.broken.names = set()
