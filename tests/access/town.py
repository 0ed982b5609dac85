"""A town for the tests of access: the application under uvicorn, a clock that can be moved, phones that can be read."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pyotp
from fixtures.http import served

from healthcloud import access, audit, channels
from healthcloud.access.staff import begin_enrolment, finish_enrolment
from healthcloud.core.background import Wiring
from healthcloud.core.background.worker import OutsideWorker
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.server.app import create_app

API = "/api/v1/access"
PASSWORD = "Reinen-Tisch-machen-42"
CHEAP: dict[str, Any] = {"password_memory_kib": 8, "password_passes": 1, "trusted_proxies": ["127.0.0.0/8"]}
HOSPITAL = UUID(int=0xA1)
OTHER_HOSPITAL = UUID(int=0xA2)


class Phones:
    """Every phone of the town."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []

    async def send(self, phone: str, text: str, reference: str) -> None:
        assert reference
        self.texts.append((phone, text))


@dataclass
class Member:
    """A member of staff who knows what he proves himself by."""

    id: UUID
    login: str
    secret: str = field(repr=False)
    password: str = PASSWORD


class Town:
    """What a test drives; see `a_town`."""

    def __init__(self, database: Database, settings: Settings, url: str, stack: AsyncExitStack) -> None:
        self.database = database
        self.policy = access.AccessPolicy.of(settings)
        self.url = url
        self.phones = Phones()
        self._stack = stack
        self._worker = OutsideWorker(database, Wiring(jobs=(channels.sending(self.phones),)).kinds().values())

    @property
    def now(self) -> datetime:
        return self.database.clock.now()

    def advance(self, **span: float) -> None:
        self.database.clock = Clock(self.database.clock.offset + timedelta(**span))

    async def browser(self, address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            base_url=self.url,
            headers={"Origin": self.url, "X-Forwarded-For": address, "User-Agent": "Mozilla Chrome Windows"} | headers,
            trust_env=False,
            timeout=30,
        )
        return await self._stack.enter_async_context(client)

    async def member(
        self,
        *roles: access.Role,
        login: str | None = None,
        institution_id: UUID | None = None,
        password: str = PASSWORD,
    ) -> Member:
        """Invite somebody and let him enrol."""
        name = login or f"m{new_id().hex[-12:]}"
        invitation = await self.database.transact(
            lambda tx: access.invite(
                tx, SYSTEM, self.policy, login=name, name="王医生", institution_id=institution_id, roles=roles
            )
        )
        secret = await self.enrol(invitation.token, password)
        return Member(invitation.account_id, name, secret, password)

    async def enrol(self, token: str, password: str = PASSWORD) -> str:
        enrolment = await begin_enrolment(self.database, self.policy, token, password)
        await finish_enrolment(self.database, self.policy, token, self.code(enrolment.secret))
        return enrolment.secret

    def code(self, of: Member | str, steps: int = 0) -> str:
        secret = of if isinstance(of, str) else of.secret
        return pyotp.TOTP(secret).at(int(self.now.timestamp()) + 30 * steps)

    async def sign_in(self, client: httpx.AsyncClient, member: Member, **other: str) -> httpx.Response:
        """Sign in half a minute later, so that the code is a new one."""
        self.advance(seconds=30)
        wish = {"login": member.login, "password": member.password, "code": self.code(member)} | other
        return await client.post(f"{API}/staff-sessions", json=wish)

    async def signed_in(self, member: Member, address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        client = await self.browser(address, **headers)
        answer = await self.sign_in(client, member)
        assert answer.status_code == 201, answer.text
        return client

    async def text_to(self, phone: str) -> str:
        """Return the newest text a phone has received."""
        while await self._worker.step():
            pass
        return [text for number, text in self.phones.texts if number == channels.mobile_number(phone)][-1]

    async def code_to(self, phone: str) -> str:
        found = re.search(r"\d{6}", await self.text_to(phone))
        assert found is not None
        return found[0]

    async def resident(self, phone: str, address: str = "192.0.2.1") -> httpx.AsyncClient:
        """Sign a resident in by a code."""
        client = await self.browser(address)
        self.advance(seconds=61)
        asked = await client.post(f"{API}/codes", json={"phone": phone})
        assert asked.status_code == 202, asked.text
        wish = {"phone": phone, "code": await self.code_to(phone)}
        answer = await client.post(f"{API}/resident-sessions", json=wish)
        assert answer.status_code == 201, answer.text
        return client

    async def deeds(self, subject: UUID) -> list[tuple[str, str]]:
        """Return what audit holds of a subject, the oldest first, as (deed, outcome)."""
        async with self.database.read() as read:
            found = await audit.deeds_about(read, [subject])
        return [(deed.deed, deed.outcome) for deed in reversed(found)]


@asynccontextmanager
async def a_town(database: Database, **changed: Any) -> AsyncIterator[Town]:
    settings = Settings(**(CHEAP | changed))
    authenticator = access.AccessAuthenticator(database, access.AccessPolicy.of(settings))
    app = create_app(settings, database, authenticator, api=(access.router,), root=())
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(app))
        yield Town(database, settings, url, stack)
