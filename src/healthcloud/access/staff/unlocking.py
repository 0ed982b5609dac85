"""Unlocking a session that was left alone, by a code of the second factor or a PIN; and setting that PIN."""

from dataclasses import replace

from healthcloud import audit
from healthcloud.access import limits
from healthcloud.access.passwords import passwords_at
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.sessions import OpenSession, SessionOver, end_session_of, resume_session, session_of
from healthcloud.access.staff import store
from healthcloud.access.staff.errors import PinUnfit, SignInRefused
from healthcloud.access.staff.factors import spendable_step
from healthcloud.access.staff.model import is_good_pin
from healthcloud.access.tokens import AccountToken, read_token
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction


async def unlock_session(
    database: Database, policy: AccessPolicy, cookie: str, *, code: str | None = None, pin: str | None = None
) -> AccountToken:
    """
    Take up a session where it was left, under a new token; five wrong tries end it.

    Raises SignInRefused, SessionOver.
    """
    token = read_token(cookie)
    session = await _session(database, token)
    if token is None or session is None:
        raise SessionOver
    one = limits.Try(replace(policy.account_failures, kind="unlock"), session.id.hex)
    allowance = await database.transact(lambda tx: limits.count(tx, [one]))
    async with database.read() as read:
        account = await store.account(read, session.account_id)
    if allowance.wait_seconds or account is None:
        await database.transact(lambda tx: end_session_of(tx, token, "unlocking failed"))
        raise SessionOver
    step = spendable_step(database, account, code) if code is not None else None
    by_pin = pin is not None and await passwords_at(policy.password_cost).fits(pin, account.pin_hash)
    if step is None and not by_pin:
        await _refuse(database, token, session, is_last=bool(allowance.last))
        raise SignInRefused
    return await database.transact(lambda tx: _resume(tx, policy, token, session, step, one))


async def set_pin(database: Database, policy: AccessPolicy, caller: Caller, pin: str, code: str) -> None:
    """Set the caller's PIN, a code of the second factor shown. Raises PinUnfit, SignInRefused."""
    if not is_good_pin(pin):
        raise PinUnfit
    one = limits.Try(replace(policy.account_failures, kind="pin"), caller.account_id.hex)
    allowance = await database.transact(lambda tx: limits.count(tx, [one]))
    async with database.read() as read:
        account = await store.account(read, caller.account_id)
    step = None if account is None or allowance.wait_seconds else spendable_step(database, account, code)
    if step is None:
        raise SignInRefused
    pin_hash = await passwords_at(policy.password_cost).hash(pin)

    async def keep(tx: Transaction) -> None:
        if not await store.set_pin(tx, caller.account_id, pin_hash, step):
            raise SignInRefused
        await limits.clear(tx, one)
        await audit.record(tx, caller, "access.pin-set", caller.account_id)

    await database.transact(keep)


async def _session(database: Database, token: AccountToken | None) -> OpenSession | None:
    if token is None:
        return None
    async with database.read() as read:
        return await session_of(read, token)


async def _resume(
    tx: Transaction, policy: AccessPolicy, token: AccountToken, session: OpenSession, step: int | None, one: limits.Try
) -> AccountToken:
    if step is not None and not await store.spend_step(tx, session.account_id, step):
        raise SignInRefused
    fresh, session_id = await resume_session(tx, token, policy.staff_sessions)
    await limits.clear(tx, one)
    himself = _himself(session)
    await audit.record(tx, himself, "access.session-resumed", session.account_id, detail={"session": str(session_id)})
    return fresh


async def _refuse(database: Database, token: AccountToken, session: OpenSession, *, is_last: bool) -> None:
    async def keep(tx: Transaction) -> None:
        himself = _himself(session)
        await audit.record(tx, himself, "access.session-resumed", session.account_id, outcome="refused")
        if is_last:
            await end_session_of(tx, token, "unlocking failed")

    await database.transact(keep)


def _himself(session: OpenSession) -> Caller:
    return Caller(CallerKind.STAFF, session.account_id, institution_id=session.institution_id, session_id=session.id)
