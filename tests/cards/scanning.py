"""A small city for the tests of cards: two hospitals with machines that sign, residents with cards, a clock to move."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from fixtures.http import served
from institutions.entering import MANAGER, wish, ws218
from people.makers import SEEN, checked, register

from healthcloud import access, cards, institutions, people
from healthcloud.cards.model import CODE_MASTER, Card
from healthcloud.core.background import Wiring
from healthcloud.core.caller import GUEST, SYSTEM, Caller, CallerKind, Credentials
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.institutions import terminals
from healthcloud.server.app import create_app
from healthcloud_reader import Algorithm, DynamicCode, Token, make_token, period_of, slot_secrets, step_at

VERIFY = "/api/v1/cards/verify"
BATCH = "/api/v1/cards/verify-batch"
CARDS = "/api/v1/cards"
REGISTRATION, PHARMACY, CASHIER = "010101", "010103", "010105"
# What desks of a test may ask in a second; quotas have tests of their own.
MORE_THAN_ASKED = 10_000


class Callers:
    """Proves who calls: a test's own people by a header, machines as in production."""

    def __init__(self, machines: access.AccessAuthenticator) -> None:
        self._machines = machines
        self.known: dict[str, Caller] = {}

    def header(self, caller: Caller) -> dict[str, str]:
        self.known[str(caller.account_id)] = caller
        return {"X-Test-Caller": str(caller.account_id)}

    async def authenticate(self, credentials: Credentials) -> Caller:
        if "authorization" in credentials.headers:
            return await self._machines.authenticate(credentials)
        return self.known.get(credentials.headers.get("x-test-caller", ""), GUEST)


@dataclass(frozen=True)
class Hospital:
    """A hospital, two of its windows, and its program."""

    id: UUID
    window: UUID
    pharmacy: UUID
    client_id: UUID
    key_id: UUID
    secret: bytes


@dataclass(frozen=True)
class Holder:
    """A resident with a card."""

    person_id: UUID
    caller: Caller
    card: Card


class Town:
    """What a test drives."""

    def __init__(self, database: Database, http: httpx.AsyncClient, callers: Callers, edge: cards.VerifyEdge) -> None:
        self.database = database
        self.http = http
        self.callers = callers
        self.edge = edge
        self.here: Hospital
        self.there: Hospital

    @property
    def now(self) -> datetime:
        return self.database.clock.now()

    def stand_at(self, instant: datetime) -> None:
        """Move the clock; it goes on from there."""
        self.database.clock = Clock(self.database.clock.offset + (instant - self.now))

    def advance(self, **span: float) -> None:
        self.database.clock = Clock(self.database.clock.offset + timedelta(**span))

    async def hospital(self, *scopes: str, algorithm: access.Algorithm = access.Algorithm.SM3) -> Hospital:
        held = scopes or ("cards.verify",)
        windows = [
            terminals.TerminalWish("挂号窗口1", "01", REGISTRATION),
            terminals.TerminalWish("发药窗口1", "01", PHARMACY),
        ]
        transact = self.database.transact
        opened = await transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("ws218", ws218()))))
        own = opened.institution_id
        added = await transact(lambda tx: terminals.add_terminals(tx, MANAGER, {own: windows}))
        client = await transact(
            lambda tx: access.create_client(tx, SYSTEM, own, "HIS", held, quota_per_second=MORE_THAN_ASKED)
        )
        key = await transact(lambda tx: access.add_client_key(tx, SYSTEM, client.client_id, algorithm=algorithm))
        ids = {one.name: one.id for one in added[own]}
        return Hospital(own, ids["挂号窗口1"], ids["发药窗口1"], client.client_id, key.key_id, b64decode(key.secret))

    async def person(
        self, *, verification: people.Verification = SEEN, registration: people.Registration | None = None
    ) -> UUID:
        found = await register(self.database, registration or checked(), verification=verification)
        return found.person_id

    async def holder(self, person_id: UUID | None = None) -> Holder:
        """Return a resident with a normal card."""
        person_id = person_id or await self.person()
        caller = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=person_id)
        applied = await self.database.transact(lambda tx: cards.apply(tx, caller, cards.Application()))
        return Holder(person_id, caller, applied.card)

    def token(self, card: Card, *, step: int = 0, slot: int = 0, epoch: int | None = None, age: int = 0) -> Token:
        """Make a token `step` minutes from now, as the platform or a phone does."""
        at = step_at(self.now) + step
        number = card.epoch if epoch is None else epoch
        derive = partial(self.database.vault.derive, CODE_MASTER)
        secret = slot_secrets(derive, card.id, slot, number, period_of(at) - age)[0]
        return make_token(secret, card.id, slot, number, at, Algorithm.HMAC_SHA256 if slot else None)

    def code(self, card: Card, **made: Any) -> str:
        return DynamicCode(card.id, self.token(card, **made)).text

    async def shown(self, holder: Holder) -> str:
        """Return the code the holder's page shows now."""
        answer = await self.http.get(f"{CARDS}/code", headers=self.callers.header(holder.caller))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["text"])

    async def scan(
        self,
        code: str,
        at: Hospital | None = None,
        *,
        terminal: UUID | str | None = None,
        scene: str | None = REGISTRATION,
        **more: Any,
    ) -> httpx.Response:
        """Scan a code as a hospital's program does: by a signed request."""
        hospital = at or self.here
        body = {"code": code, "scene": scene, "terminal": str(terminal or hospital.window), **more}
        return await self.signed(hospital, VERIFY, body)

    async def signed(
        self, hospital: Hospital, path: str, body: Any, *, algorithm: access.Algorithm = access.Algorithm.SM3
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        header = access.sign_request(
            hospital.key_id,
            hospital.secret,
            "POST",
            path,
            content,
            algorithm=algorithm,
            timestamp=int(self.now.timestamp()),
        )
        headers = {"Authorization": header, "Content-Type": "application/json"}
        return await self.http.post(path, content=content, headers=headers)

    async def act(
        self, holder: Holder | Caller, path: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        """Post as a resident or a member of staff."""
        caller = holder.caller if isinstance(holder, Holder) else holder
        headers = self.callers.header(caller) | {"Idempotency-Key": key or new_id().hex}
        return await self.http.post(f"{CARDS}{path}", json=body or {}, headers=headers)

    async def look(self, holder: Holder | Caller, path: str, **query: Any) -> httpx.Response:
        caller = holder.caller if isinstance(holder, Holder) else holder
        return await self.http.get(f"{CARDS}{path}", params=query, headers=self.callers.header(caller))

    async def uses(self, holder: Holder) -> list[dict[str, Any]]:
        """Return what the holder reads of their own uses."""
        answer = await self.look(holder, "/uses")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def settle_events(self) -> None:
        """Let every reaction to what was announced be done."""
        await run_reactions(self.database)


def manager(*scopes: str, institution_id: UUID | None = None) -> Caller:
    """Return a member of staff of the city."""
    held = frozenset(scopes or ("cards.manage", "cards.issue", "people.correct", "people.register"))
    return Caller(CallerKind.STAFF, new_id(), held, institution_id=institution_id)


def said(answer: httpx.Response) -> str:
    """Return what became of a scan: taken, repeat, or the problem's code."""
    body = answer.json()
    if answer.status_code == 200:
        return "repeat" if body["use"]["repeat"] else "taken"
    return str(body["code"])


async def run_reactions(database: Database) -> None:
    """Relay the outbox and do its reactions, as the runner does."""
    wiring = Wiring(reactions=cards.REACTIONS)
    by_kind = {reaction.event_type.kind: reaction for reaction in wiring.reactions}
    async with database.read() as read:
        rows = await read.all(lambda *row: row, "SELECT id, kind, body FROM core.outbox ORDER BY at, id")
    for row_id, kind, body in rows:

        async def one(tx: Any, row_id: UUID = row_id, kind: str = kind, body: Any = body) -> None:
            if kind in by_kind:
                handler = by_kind[kind].job_kind().handler
                assert handler is not None
                await handler(tx, body)
            await tx.run("DELETE FROM core.outbox WHERE id = $1", row_id)

        await database.transact(one)


async def count(owner_url: str, table: str, **where: Any) -> int:
    """Count rows as the owner sees them."""
    connection = await asyncpg.connect(owner_url)
    try:
        clause = " AND ".join(f"{name} = ${n}" for n, name in enumerate(where, start=1)) or "true"
        found: int = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {clause}", *where.values())
        return found
    finally:
        await connection.close()


@asynccontextmanager
async def a_town(database: Database, **settings: Any) -> AsyncIterator[Town]:
    """Serve cards over HTTP; the database has the standard code sets and two hospitals."""
    chosen = Settings(**settings)
    async with AsyncExitStack() as stack:
        machines = access.AccessAuthenticator(database, access.AccessPolicy.of(chosen))
        callers = Callers(machines)
        edge = cards.VerifyEdge(database, chosen, callers, machines.client_caller)
        stack.push_async_callback(edge.close)
        app = create_app(chosen, database, callers, api=cards.ROUTERS, hot=cards.hot_endpoints(edge, chosen))
        url = await stack.enter_async_context(served(app))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=30))
        town = Town(database, http, callers, edge)
        await institutions.load_standard_sets(database, SYSTEM)
        town.here, town.there = await town.hospital(), await town.hospital()
        yield town
