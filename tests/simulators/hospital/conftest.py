"""A sandbox city served, and hospital simulators that know it by address and keys only."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

import msgspec
import pytest
from fixtures.cities import settings_for
from fixtures.databases import Copy
from fixtures.http import served
from pydantic import SecretStr

from healthcloud import gateway
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import Ledger, load_city
from healthcloud.server.processes.worker import application_of
from healthcloud.server.sandboxing.invented import invent
from healthcloud.server.sandboxing.keys import Hospital, make_keys
from healthcloud.server.trying import recorded
from healthcloud_simulators.hospital.making import hospital_of
from healthcloud_simulators.options import Options
from healthcloud_simulators.registry import create_app as registry_app

Do = Callable[..., Awaitable[dict[str, Any]]]
_NUMBERS = count()


@pytest.fixture(scope="module")
def settings(module_copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A sandbox's settings."""
    return settings_for(module_copy, tmp_path_factory.mktemp("var"), sandbox=True)


@pytest.fixture(scope="module")
def people(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The invented citizens by what they are there for, as a client reads them."""
    Ledger.of(settings).folder.mkdir(parents=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in invent(settings, date(2026, 11, 23)):
        found.setdefault(one.why, []).append(msgspec.to_builtins(one))
    return found


@pytest.fixture(scope="module")
async def trying(settings: Settings, people: dict[str, list[dict[str, Any]]]) -> AsyncIterator[City]:
    """A sandbox with its institutions, and a population registry that knows its citizens."""
    assert people
    registry = registry_app(Options("simulator-only", Ledger.of(settings).registry_file))
    async with served(registry) as address:
        told = {"registry_url": address, "registry_key": SecretStr("simulator-only"), "simulators": [address]}
        async with open_city(settings.model_copy(update=told)) as city:
            await load_city(city.database)
            yield city


@pytest.fixture(scope="module")
async def keys(trying: City) -> list[Hospital]:
    """Both hospitals' keys."""
    return await make_keys(trying)


@pytest.fixture(scope="module")
async def url(trying: City) -> AsyncIterator[str]:
    """Where the city is served, journal and all."""
    async with served(recorded(application_of(trying), trying.trying, trying.authenticator)) as url:
        yield url


@pytest.fixture(scope="module")
async def mllp(trying: City) -> AsyncIterator[str]:
    """Where the city listens for HL7."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = trying.settings.model_copy(update={"mllp_port": port})
    async with gateway.hl7.open_listener(settings, trying.database, None):
        yield f"127.0.0.1:{port}"


@pytest.fixture
def do(url: str, mllp: str, keys: list[Hospital]) -> Iterator[Do]:
    """Have a new hospital, the first's, do something; `broken` names the rules it breaks."""
    number = next(_NUMBERS)
    hospital = hospital_of(url, mllp, msgspec.to_builtins(keys[0]), None)
    hospital.book.last = number * 1000  # one institution never gives a number twice

    async def carry_out(act: str, *, broken: tuple[str, ...] = (), **wish: Any) -> dict[str, Any]:
        hospital.broken.names = set(broken)
        return await asyncio.to_thread(hospital.do, {"act": act, **wish})

    yield carry_out
    hospital.link.client.close()
