"""Residents at their own browsers, without script: signed in by the code their phone received."""

import re
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import httpx
from web.conftest import Clinic

from healthcloud import access, cards, people
from healthcloud.access import limits
from healthcloud.channels.actions import SEAL, address_row, text_row
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud.server.demonstration import resident
from healthcloud.server.demonstration.residents import newborn


@dataclass(frozen=True, slots=True)
class Text:
    """A text that waits to be sent."""

    id: UUID
    address_sealed: bytes
    text_sealed: bytes


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with a card who is signed in; `form` is who they are, `phone` the number registered for them."""

    person_id: UUID
    account_id: UUID
    form: people.RegistrationForm
    browser: httpx.AsyncClient
    phone: str

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as its page would."""
        return await self.browser.post(path, data={"once": new_id().hex} | fields)

    @property
    def document(self) -> people.DocumentForm:
        return self.form.documents[0]


async def settle(clinic: Clinic, n: int, *, card: bool = True, level: people.Level = people.Level.REGISTRY) -> Resident:
    """Register the n-th of the demonstration's residents and sign them in."""
    database, form, phone = clinic.city.database, resident(n), f"160{n:08d}"
    registration = people.read_registration(form, database.clock.now().date())
    checked = people.Verification(level, "registry")
    made = await database.transact(lambda tx: people.register(tx, SYSTEM, registration, checked, people.Policy()))
    if card:
        await database.transact(lambda tx: cards.apply(tx, SYSTEM, cards.Application(made.person_id)))
    browser = clinic.browser()
    account_id = await sign_in(clinic, browser, f"161{n:08d}")  # a number gets one code a minute, whatever for
    await database.transact(lambda tx: people.accounts.attach_account(tx, SYSTEM, made.person_id, account_id))
    return Resident(made.person_id, account_id, form, browser, phone)


def holder_of(one: Resident) -> Caller:
    """Return them as the caller they are."""
    return Caller(CallerKind.RESIDENT, one.account_id, frozenset({"resident"}), person_id=one.person_id)


async def another_browser(clinic: Clinic, one: Resident) -> httpx.AsyncClient:
    """Sign the same resident in at another browser."""
    terms = clinic.city.policy.resident_sessions
    token, _ = await clinic.city.database.transact(
        lambda tx: access.sessions.begin_session(
            tx, one.account_id, terms, "微信 · Android", former=None, second_factor=False
        )
    )
    browser = clinic.browser()
    browser.cookies.set(access.sessions.SESSION_COOKIE, token.text)
    return browser


async def bear(clinic: Clinic, mother: Resident) -> UUID:
    """Register a newborn of somebody; return the child."""
    database = clinic.city.database
    now = database.clock.now()
    registration = people.read_registration(newborn(1, mother.person_id, now), now.date())
    made = await database.transact(
        lambda tx: people.register(tx, SYSTEM, registration, people.Verification(), people.Policy())
    )
    return made.person_id


async def sign_in(clinic: Clinic, browser: httpx.AsyncClient, phone: str) -> UUID:
    """Sign a browser in with the code a phone received; return the account."""
    asked = await browser.post("/api/v1/access/codes", json={"phone": phone})
    assert asked.status_code == 202, asked.text
    code = await code_to(clinic, phone)
    begun = await browser.post("/api/v1/access/resident-sessions", json={"phone": phone, "code": code})
    assert begun.status_code == 201, begun.text
    sends = [limits.Try(limit, phone) for limit in clinic.city.policy.code_sends]
    for one in sends:  # as if the minute between two codes had passed
        await clinic.city.database.transact(partial(limits.clear, done=one))
    told = await browser.get("/api/v1/access/session")
    return UUID(told.json()["account_id"])


async def code_to(clinic: Clinic, phone: str) -> str:
    """Return the newest code that waits to be sent to a phone."""
    database = clinic.city.database
    vault = database.vault
    async with database.read() as read:
        texts = await read.all(
            Text,
            """
            SELECT id, address_sealed, text_sealed FROM channels.outgoing
             WHERE text_sealed IS NOT NULL AND address_sealed IS NOT NULL ORDER BY id DESC
            """,
        )
    for one in texts:
        if vault.open(SEAL, address_row(one.id), one.address_sealed).decode() == phone:
            found = re.search(r"\d{6}", vault.open(SEAL, text_row(one.id), one.text_sealed).decode())
            assert found is not None
            return found[0]
    message = "no text waits for this phone"
    raise LookupError(message)
