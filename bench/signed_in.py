"""Residents of the bench's city who are signed in: each with an account of their own and a session in a browser."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from bench.city import BenchCity
from healthcloud import access, people
from healthcloud.access.residents import phones, store
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import resident

IDENTITY_CARD = "01"
STRIDE = 7_919  # a prime, so that neighbours in turn live far apart


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A resident and the Cookie header of their browser."""

    person_id: UUID
    cookie: str


def sign_in(city: BenchCity, count: int) -> list[str]:
    """Sign in so many residents who have a phone, while the city's database runs; return their Cookie headers."""
    return [one.cookie for one in signed_in(city, count)]


def signed_in(city: BenchCity, count: int) -> list[SignedIn]:
    """Return the same with whose they are."""
    return asyncio.run(_sign_in(city, count))


async def _sign_in(city: BenchCity, count: int) -> list[SignedIn]:
    made: list[SignedIn] = []
    async with open_city(city.settings, name="bench sign-in", pool_size=2) as opened:
        while len(made) < count:
            # Spread over the whole city, as whoever opens a page is.
            [turn] = city.take("residents signed in", 1)
            one = resident(turn * STRIDE % city.persons)
            if one.phone and one.documents[0].kind == IDENTITY_CARD:
                made.append(await _one(opened, one.documents[0], one.phone))
    return made


async def _one(city: City, document: people.DocumentForm, phone: str) -> SignedIn:
    async def begin(tx: Transaction) -> SignedIn:
        found = await people.find_by_document(tx, SYSTEM, document)
        account_id = await phones.claim_number(tx, phone, new_id())
        await store.add_account(tx, account_id, phones.seal_number(tx.vault, account_id, phone), tx.clock.now())
        await people.accounts.attach_account(tx, SYSTEM, found.person_id, account_id)
        terms = city.policy.resident_sessions
        token, _ = await access.sessions.begin_session(tx, account_id, terms, "bench", former=None, second_factor=False)
        return SignedIn(found.person_id, f"{access.sessions.SESSION_COOKIE}={token.text}")

    return await city.database.transact(begin)
