"""One city: everything a process of this installation works with, put together in one place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from healthcloud import access, cards, channels, exchange, gateway, institutions, people, sandbox, web
from healthcloud.core.clock import Clock, Shift
from healthcloud.core.crypto import FileKeyStore, Vault
from healthcloud.core.db import Database
from healthcloud.core.errors import Unavailable
from healthcloud.core.http import HotLook, HotPath, Witness
from healthcloud.core.settings import Settings
from healthcloud.server.keys import open_keys
from healthcloud.server.partners import population_registry, sms_sender
from healthcloud.server.places import evidence_heads_file
from healthcloud.server.storage import app_url
from healthcloud.server.trying import following
from healthcloud.server.witness import EvidenceWitness, FaceEvidence

# A server that recovers from a crash takes connections again within seconds.
PATIENCE_SECONDS = 30.0
_AWAY = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)


@dataclass(frozen=True, slots=True)
class City:
    """What the features are given: store, keys, who calls, the systems of others, the hot endpoints."""

    settings: Settings
    keys: FileKeyStore
    database: Database
    policy: access.AccessPolicy
    authenticator: access.AccessAuthenticator
    sms: channels.SmsSender
    registry: people.registry.PopulationRegistry | None
    verifying: cards.VerifyEdge
    looking: web.GatheredLooks
    outward: exchange.outward.Outward
    evidence: exchange.Evidence
    evidence_sealer: exchange.EvidenceSealer
    trying: sandbox.Current | None = None

    @property
    def hot(self) -> tuple[HotPath, ...]:
        """The endpoints that carry the city's peaks, our own and those of faces."""
        core = gateway.neutral.Core.of(self.database, self.settings, self.registry, self.verifying)
        faces = gateway.endpoints(gateway.Parts(core, self.authenticator, FaceEvidence(self.evidence), self.settings))
        own = cards.hot_endpoints(self.verifying, self.settings)
        for endpoint in own:
            endpoint.witness = self.witness
        return (*own, *faces)

    @property
    def witness(self) -> Witness:
        """What keeps evidence of our own interface; faces keep their own."""
        return EvidenceWitness(self.evidence, self.database.clock, scans=self.settings.evidence_scans)

    @property
    def looks(self) -> tuple[HotLook, ...]:
        """What most people look at."""
        return web.card_looks(self.looking, self.settings)


@asynccontextmanager
async def open_city(
    settings: Settings, *, name: str = "healthcloud", pool_size: int | None = None
) -> AsyncIterator[City]:
    """Open the city of these settings and close it again; `name` shows in the database's list of connections."""
    keys = open_keys(settings)
    clock = Clock(timedelta(seconds=settings.clock_offset_seconds), shift=Shift() if settings.sandbox else None)
    async with AsyncExitStack() as stack:
        database = await _connected(settings, Vault(keys), clock, name, pool_size or settings.database_pool_size)
        stack.push_async_callback(database.close)
        evidence = exchange.Evidence(database)
        stack.push_async_callback(evidence.close)
        trying = await stack.enter_async_context(following(database))
        await stack.enter_async_context(institutions.dictionaries.reporting(database))
        sms = await stack.enter_async_context(sms_sender(settings, clock))
        registry = await stack.enter_async_context(population_registry(settings, clock))
        policy = access.AccessPolicy.of(settings)
        authenticator = _authenticator(database, policy)
        verifying = cards.VerifyEdge(
            database, settings, access.ScanAuthenticator(authenticator), authenticator.client_caller
        )
        stack.push_async_callback(verifying.close)
        looking = web.GatheredLooks(database, settings)
        stack.push_async_callback(looking.close)
        outward = exchange.outward.Outward.of(database, settings, sandbox.Outgoing(trying) if trying else None)
        stack.push_async_callback(outward.close)
        yield City(
            settings=settings,
            keys=keys,
            database=database,
            policy=policy,
            authenticator=authenticator,
            sms=sms,
            registry=registry,
            verifying=verifying,
            looking=looking,
            outward=outward,
            evidence=evidence,
            evidence_sealer=exchange.EvidenceSealer(database, exchange.HeadFile(evidence_heads_file(settings))),
            trying=trying,
        )


def _authenticator(database: Database, policy: access.AccessPolicy) -> access.AccessAuthenticator:
    return access.AccessAuthenticator(
        database,
        policy,
        person_of_account=people.accounts.person_of_account,
        terminal_of_token=institutions.terminal_of_token,
    )


async def _connected(settings: Settings, vault: Vault, clock: Clock, name: str, size: int) -> Database:
    """Connect, waiting for a server that is starting; raise Unavailable when it does not come."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        try:
            return await Database.connect(app_url(settings), vault=vault, clock=clock, size=size, name=name)
        except _AWAY as error:
            if loop.time() > deadline:
                raise Unavailable("the database does not answer", retry_after=5) from error
        await asyncio.sleep(0.1)
