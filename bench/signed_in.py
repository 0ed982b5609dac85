"""Residents of the bench's city who are signed in: each with an account of their own and a session in a browser."""

import asyncio

from bench.city import BenchCity
from bench.residents import number_of, phone_of
from healthcloud import access, people
from healthcloud.access.residents import phones, store
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.server.composition import City, open_city


def sign_in(city: BenchCity, count: int) -> list[str]:
    """Sign in so many residents, while the city's database runs; return their Cookie headers."""
    return asyncio.run(_sign_in(city, count))


async def _sign_in(city: BenchCity, count: int) -> list[str]:
    async with open_city(city.settings, name="bench sign-in", pool_size=2) as opened:
        return [await _one(opened, n) for n in range(count)]


async def _one(city: City, n: int) -> str:
    async def begin(tx: Transaction) -> str:
        found = await people.find_by_document(tx, SYSTEM, people.DocumentForm("01", number_of(n)))
        account_id = await phones.claim_number(tx, phone_of(n), new_id())
        await store.add_account(tx, account_id, phones.seal_number(tx.vault, account_id, phone_of(n)), tx.clock.now())
        await people.accounts.attach_account(tx, SYSTEM, found.person_id, account_id)
        terms = city.policy.resident_sessions
        token, _ = await access.sessions.begin_session(tx, account_id, terms, "bench", former=None, second_factor=False)
        return f"{access.sessions.SESSION_COOKIE}={token.text}"

    return await city.database.transact(begin)
