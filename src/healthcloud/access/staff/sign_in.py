"""
Signing in: password and second factor, proven together, so that no answer tells which one was wrong.

Whoever shows the right password with a code that was right and is used is told so: the answer to a sign-in may have
been lost. It tells a guesser nothing that a code still good would not. It counts as no failure.

A try is counted before it is made, so a race guesses no more often than a queue would; a login name nobody has is
counted, hashed and answered like one somebody has.
"""

from dataclasses import dataclass, field
from typing import Final

from healthcloud import audit
from healthcloud.access import limits
from healthcloud.access.browser import Browser
from healthcloud.access.passwords import PAST_KEPT, password_faults, passwords_at
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.sessions import SessionLine, begin_session, end_all_sessions
from healthcloud.access.staff import store
from healthcloud.access.staff.errors import (
    PasswordExpired,
    PasswordUnfit,
    PasswordUsedBefore,
    SignInCodeUsed,
    SignInLocked,
    SignInRefused,
)
from healthcloud.access.staff.factors import spendable_step, was_spent
from healthcloud.access.staff.model import StaffAccount, normal_login
from healthcloud.access.tokens import AccountToken
from healthcloud.core.caller import GUEST, SYSTEM_ACCOUNT, Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Unavailable

NOBODY: Final = "?"  # what every text that can be no login name is counted as


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has shown both factors; the step is not spent yet."""

    account: StaffAccount
    password_hash: str = field(repr=False)
    step: int


async def sign_in(
    database: Database, policy: AccessPolicy, browser: Browser, login: str, password: str, code: str
) -> tuple[AccountToken, SessionLine]:
    """Begin a session of staff. Raises SignInRefused, SignInCodeUsed, SignInLocked, PasswordExpired."""
    proof = await _prove(database, policy, browser.address, login, password, code)
    account, now = proof.account, database.clock.now()
    if account.password_set_at is None or account.password_set_at + policy.password_life <= now:
        await database.transact(lambda tx: _forgive(tx, policy, browser.address, account.login))
        raise PasswordExpired
    passwords = passwords_at(policy.password_cost)
    again = await passwords.hash(password) if passwords.is_outdated(proof.password_hash) else None
    begun = await database.transact(lambda tx: _begin(tx, policy, browser, proof, again))
    if begun is None:
        await _refuse(database, policy, account, last=False)
        raise SignInCodeUsed
    return begun


async def change_password(
    database: Database, policy: AccessPolicy, address: str, login: str, password: str, code: str, new_password: str
) -> None:
    """
    Put a new password in place of the present one, both factors shown; every session ends.

    Raises SignInRefused, SignInCodeUsed, SignInLocked, PasswordUnfit, PasswordUsedBefore.
    """
    proof = await _prove(database, policy, address, login, password, code)
    account, passwords = proof.account, passwords_at(policy.password_cost)
    if faults := password_faults(new_password, account.login):
        await database.transact(lambda tx: _forgive(tx, policy, address, account.login))
        raise PasswordUnfit(faults=faults)
    async with database.read() as read:
        past = await store.past_passwords(read, account.id, PAST_KEPT)
    if await passwords.fits_one_of(new_password, [proof.password_hash, *past]):
        await database.transact(lambda tx: _forgive(tx, policy, address, account.login))
        raise PasswordUsedBefore
    new_hash = await passwords.hash(new_password)

    async def change(tx: Transaction) -> bool:
        now = tx.clock.now()
        if not await store.set_password(tx, account.id, proof.password_hash, new_hash, now, proof.step):
            return False
        await store.keep_past_password(tx, account.id, now, new_hash)
        await _forgive(tx, policy, address, account.login)
        himself = Caller(CallerKind.STAFF, account.id, institution_id=account.institution_id)
        await end_all_sessions(tx, himself, account.id, "password changed", but=None)
        await audit.record(tx, himself, "access.password-changed", account.id)
        return True

    if not await database.transact(change):
        await _refuse(database, policy, account, last=False)
        raise SignInRefused


async def _prove(database: Database, policy: AccessPolicy, address: str, typed: str, password: str, code: str) -> Proof:
    login = normal_login(typed)
    tries = _tries(policy, address, login)
    allowance = await database.transact(lambda tx: limits.count(tx, tries))
    if allowance.wait_seconds:
        raise SignInLocked(retry_after=allowance.wait_seconds)
    account = await _find(database, login)
    kept = account.password_hash if account is not None else None
    try:
        is_right = await passwords_at(policy.password_cost).fits(password, kept)
    except Unavailable:
        await database.transact(lambda tx: _give_back(tx, tries))
        raise
    step = None if account is None else spendable_step(database, account, code)
    if account is not None and account.state == "active" and is_right and step is None:
        await _refuse_used(database, account, code, tries)
    if account is None or account.state != "active" or not is_right or kept is None or step is None:
        await _refuse(database, policy, account, last=policy.account_failures.kind in allowance.last)
        raise SignInRefused
    return Proof(account, kept, step)


async def _refuse_used(database: Database, account: StaffAccount, code: str, tries: list[limits.Try]) -> None:
    """Raise SignInCodeUsed for a code that was right and is used; do nothing for any other."""
    if not was_spent(database, account, code):
        return

    async def keep(tx: Transaction) -> None:
        await _give_back(tx, tries)
        await audit.record(tx, GUEST, "access.sign-in-failed", account.id, outcome="refused")

    await database.transact(keep)
    raise SignInCodeUsed


def _tries(policy: AccessPolicy, address: str, login: str | None) -> list[limits.Try]:
    return [
        limits.Try(policy.account_failures, login or NOBODY),
        limits.Try(policy.address_failures, limits.address_block(address)),
    ]


async def _find(database: Database, login: str | None) -> StaffAccount | None:
    async with database.read() as read:
        account_id = await store.account_of_login(read, login or NOBODY)
        return await store.account(read, account_id or SYSTEM_ACCOUNT)


async def _begin(
    tx: Transaction, policy: AccessPolicy, browser: Browser, proof: Proof, new_hash: str | None
) -> tuple[AccountToken, SessionLine] | None:
    """Begin the session, unless the code or the password was used up meanwhile."""
    account = proof.account
    if not await store.use_step(tx, account.id, proof.step, proof.password_hash, tx.clock.now()):
        return None
    if new_hash is not None:
        await store.set_hash(tx, account.id, proof.password_hash, new_hash)
    await _forgive(tx, policy, browser.address, account.login)
    begun = await begin_session(
        tx, account.id, policy.staff_sessions, browser.device, former=browser.former, second_factor=True
    )
    himself = Caller(CallerKind.STAFF, account.id, institution_id=account.institution_id, session_id=begun[1].id)
    await audit.record(tx, himself, "access.signed-in", account.id, detail={"device": browser.device})
    return begun


async def _forgive(tx: Transaction, policy: AccessPolicy, address: str, login: str) -> None:
    """Forget the account's failures, and let this try not count against the address."""
    of_account, of_address = _tries(policy, address, login)
    await limits.clear(tx, of_account)
    await limits.give_back(tx, of_address)


async def _give_back(tx: Transaction, tries: list[limits.Try]) -> None:
    for one in tries:
        await limits.give_back(tx, one)


async def _refuse(database: Database, policy: AccessPolicy, account: StaffAccount | None, *, last: bool) -> None:
    """Keep the failure as a deed, and the lock it has led to; of no account it is kept with no name."""
    subject = SYSTEM_ACCOUNT if account is None else account.id
    minutes = round(policy.account_failures.window.total_seconds() / 60)

    async def keep(tx: Transaction) -> None:
        await audit.record(tx, GUEST, "access.sign-in-failed", subject, outcome="refused")
        if last:
            await audit.record(tx, GUEST, "access.locked", subject, detail={"minutes": minutes})

    await database.transact(keep)
