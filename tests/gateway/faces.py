"""A small city served with its faces, and a hospital with an app secret."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from cards.scanning import Callers, Hospital, Town
from fixtures.http import served

from healthcloud import access, cards, gateway, institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.core.settings import Settings
from healthcloud.gateway import Exchanged
from healthcloud.server.app import create_app

SCOPES = (
    "cards.verify",
    "cards.identity",
    "cards.issue",
    "cards.cancel",
    "people.register",
    "people.open",
    "people.correct",
    "exchange.deliver",
)


class Kept:
    """Keeps messages in memory, as evidence does in the database."""

    def __init__(self) -> None:
        self.all: list[Exchanged] = []

    async def keep(self, exchanged: Exchanged) -> None:
        self.all.append(exchanged)


@dataclass(frozen=True)
class App:
    """What a hospital's engineer is given: an app id and its secret, and the hospital they belong to."""

    hospital: Hospital
    app_id: str
    secret: str


@dataclass
class FaceTown:
    """The city, and what it kept of messages."""

    town: Town
    kept: Kept

    @property
    def http(self) -> httpx.AsyncClient:
        return self.town.http

    async def app(self, *scopes: str) -> App:
        hospital = await self.town.hospital(*(scopes or SCOPES), algorithm=access.Algorithm.SM3)
        key = await self.town.database.transact(
            lambda tx: access.add_client_key(tx, SYSTEM, hospital.client_id, algorithm=access.Algorithm.APP_SECRET)
        )
        return App(hospital, key.key_id.hex, key.secret)


@asynccontextmanager
async def face_town(database: Database, **settings: Any) -> AsyncIterator[FaceTown]:
    """Serve the faces over HTTP."""
    chosen = Settings(**settings)
    async with AsyncExitStack() as stack:
        machines = access.AccessAuthenticator(database, access.AccessPolicy.of(chosen))
        callers = Callers(machines)
        edge = cards.VerifyEdge(database, chosen, callers, machines.client_caller)
        stack.push_async_callback(edge.close)
        kept = Kept()
        core = gateway.neutral.Core.of(database, chosen, None, edge)
        faces = gateway.endpoints(gateway.Parts(core, machines, kept, chosen))
        hot = (*cards.hot_endpoints(edge, chosen), *faces)
        app = create_app(chosen, database, callers, api=cards.ROUTERS, hot=hot)
        url = await stack.enter_async_context(served(app))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=30))
        await institutions.load_standard_sets(database, SYSTEM)
        yield FaceTown(Town(database, http, callers, edge), kept)
