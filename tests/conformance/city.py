"""The whole served city over a database with a hospital, its people and machines, and callers who may do everything."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from cards.scanning import Callers, Holder, Hospital, Town
from fixtures.http import served

from healthcloud import access, cards, institutions, people
from healthcloud.core.caller import SYSTEM, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import Application, create_app


@dataclass(frozen=True)
class Whole:
    """What a test drives: the application, where it is served, and the town's people."""

    app: Application
    url: str
    town: Town
    holder: Holder

    @property
    def here(self) -> Hospital:
        return self.town.here

    @property
    def document(self) -> dict[str, Any]:
        return self.app.api.openapi()

    @property
    def scopes(self) -> frozenset[str]:
        """Each scope that any operation asks for."""
        operations = [one for methods in self.document["paths"].values() for one in methods.values()]
        return frozenset(scope for one in operations for scope in one.get("x-scopes", ()))

    def caller(self, who: Literal["staff", "resident", "machine"]) -> Caller:
        """Return somebody of this kind with every scope such a caller can hold."""
        if who == "resident":
            return self.holder.caller
        if who == "machine":
            return Caller(
                CallerKind.CLIENT,
                self.here.client_id,
                frozenset({"client", "cards.verify", "cards.identity"}),
                institution_id=self.here.id,
            )
        return Caller(
            CallerKind.STAFF,
            new_id(),
            self.scopes - {"resident", "client"},
            institution_id=self.here.id,
            terminal_id=self.here.window,
            reason="a test of the interface",
        )


class Proven(Callers):
    """A test's own people by a header; sessions and signatures as in production."""

    async def authenticate(self, credentials: Credentials) -> Caller:
        if "x-test-caller" in credentials.headers:
            return await super().authenticate(credentials)
        return await self._machines.authenticate(credentials)


@asynccontextmanager
async def whole_city(database: Database) -> AsyncIterator[Whole]:
    """Serve every route there is."""
    settings = Settings()
    async with AsyncExitStack() as stack:
        machines = access.AccessAuthenticator(
            database,
            access.AccessPolicy.of(settings),
            person_of_account=people.accounts.person_of_account,
            terminal_of_token=institutions.terminal_of_token,
        )
        callers = Proven(machines)
        edge = cards.VerifyEdge(database, settings, callers, machines.client_caller)
        stack.push_async_callback(edge.close)
        app = create_app(settings, database, callers, hot=cards.hot_endpoints(edge, settings))
        url = await stack.enter_async_context(served(app))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=30))
        town = Town(database, http, callers, edge)
        await institutions.load_standard_sets(database, SYSTEM)
        town.here, town.there = await town.hospital(), await town.hospital()
        await database.transact(lambda tx: cards.offline.publish(tx, cards.offline.Policy.of(settings)))
        yield Whole(app, url, town, await town.holder())
