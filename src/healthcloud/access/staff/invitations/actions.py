"""
Enrolment: the person invited sets password and second factor; nobody else ever knows them.

Two steps, so that nobody is left with a second factor that does not work: `begin_enrolment` gives the secret,
`finish_enrolment` takes a code made from it. Whoever resets one factor leaves the other in force: an administrator
with the token alone is not the person.
"""

from dataclasses import dataclass, field
from datetime import datetime

from healthcloud import audit
from healthcloud.access import limits
from healthcloud.access.passwords import PAST_KEPT, Passwords, password_faults, passwords_at
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.purposes import SECOND_FACTOR
from healthcloud.access.sessions import end_all_sessions
from healthcloud.access.staff import store as accounts
from healthcloud.access.staff import totp
from healthcloud.access.staff.errors import (
    EnrolmentNotBegun,
    InvitationOver,
    PasswordUnfit,
    PasswordUsedBefore,
    SignInLocked,
    SignInRefused,
)
from healthcloud.access.staff.factors import open_secret
from healthcloud.access.staff.invitations import store
from healthcloud.access.staff.model import Enrolment, Invitation, InvitationKind, StaffAccount, StoredInvitation
from healthcloud.access.tokens import AccountToken, new_token, read_token
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction


@dataclass(frozen=True, slots=True)
class _Opened:
    token: AccountToken
    invitation: StoredInvitation
    account: StaffAccount
    past: list[str] = field(repr=False)


async def make_invitation(
    tx: Transaction, caller: Caller, account: StaffAccount, kind: InvitationKind, policy: AccessPolicy
) -> Invitation:
    """Make a new invitation, in place of any that was not used."""
    now = tx.clock.now()
    token, expires_at = new_token(account.id), now + policy.invitation_life
    await store.drop_invitations(tx, account.id)
    await store.add_invitation(tx, account.id, token.digest, kind, caller.account_id, now, expires_at)
    return Invitation(account.id, account.login, kind, token.text, expires_at)


async def begin_enrolment(database: Database, policy: AccessPolicy, token: str, password: str) -> Enrolment:
    """
    Make a new second factor and return it; nothing is in force before `finish_enrolment`.

    `password` is the new one of a new account, else the present one. Raises InvitationOver, PasswordUnfit,
    SignInRefused, SignInLocked.
    """
    opened = await _open(database, token)
    passwords, pending = passwords_at(policy.password_cost), None
    if opened.invitation.kind == InvitationKind.BOTH:
        pending = await _new_hash(passwords, opened, password, "#/password")
    else:
        await _count(database, policy, opened.account.login)
        if not await passwords.fits(password, opened.account.password_hash):
            raise SignInRefused
    secret, account = totp.new_secret(), opened.account
    sealed = database.vault.seal(SECOND_FACTOR, account.id.bytes, secret.encode())

    async def keep(tx: Transaction) -> bool:
        return await store.keep_pending(tx, account.id, opened.token.digest, pending, sealed, tx.clock.now())

    if not await database.transact(keep):
        raise InvitationOver
    return Enrolment(account.login, totp.provisioning_uri(secret, account.login), secret)


async def finish_enrolment(
    database: Database, policy: AccessPolicy, token: str, code: str, new_password: str | None = None
) -> None:
    """
    Put the new factors in force: the invitation is spent, other sessions end, the account is active.

    `code` is of the new second factor, or of the present one where only the password is set, with `new_password`.
    Raises InvitationOver, EnrolmentNotBegun, PasswordUnfit, PasswordUsedBefore, SignInRefused, SignInLocked.
    """
    opened = await _open(database, token)
    invitation, account = opened.invitation, opened.account
    only_password = invitation.kind == InvitationKind.PASSWORD
    sealed = account.totp_sealed if only_password else invitation.totp_sealed
    if sealed is None:
        raise EnrolmentNotBegun
    await _count(database, policy, account.login)
    secret = open_secret(database.vault, account, sealed)
    step = totp.matching_step(secret, code, database.clock.now(), account.totp_step if only_password else 0)
    if step is None:
        raise SignInRefused
    new_hash = invitation.password_hash
    if only_password:
        new_hash = await _new_hash(passwords_at(policy.password_cost), opened, new_password or "", "#/new_password")
    await database.transact(lambda tx: _put_in_force(tx, policy, opened, sealed, step, new_hash))


async def _open(database: Database, text: str) -> _Opened:
    token = read_token(text)
    if token is None:
        raise InvitationOver
    async with database.read() as read:
        invitation = await store.invitation(read, token.account_id, token.digest, read.clock.now())
        account = await accounts.account(read, token.account_id)
        past = await accounts.past_passwords(read, token.account_id, PAST_KEPT)
    if invitation is None or account is None or account.state != "invited":
        raise InvitationOver
    return _Opened(token, invitation, account, past)


async def _new_hash(passwords: Passwords, opened: _Opened, password: str, pointer: str) -> str:
    if faults := password_faults(password, opened.account.login, pointer):
        raise PasswordUnfit(faults=faults)
    if opened.past and await passwords.fits_one_of(password, opened.past):
        raise PasswordUsedBefore
    return await passwords.hash(password)


async def _count(database: Database, policy: AccessPolicy, login: str) -> None:
    one = limits.Try(policy.account_failures, login)
    allowance = await database.transact(lambda tx: limits.count(tx, [one]))
    if allowance.wait_seconds:
        raise SignInLocked(retry_after=allowance.wait_seconds)


async def _put_in_force(
    tx: Transaction, policy: AccessPolicy, opened: _Opened, totp_sealed: bytes, step: int, new_hash: str | None
) -> None:
    now, account = tx.clock.now(), await accounts.hold_account(tx, opened.account.id)
    if account is None or account.state != "invited" or not await _spent(tx, opened, now):
        raise InvitationOver
    if new_hash is not None:
        await accounts.keep_past_password(tx, account.id, now, new_hash)
    await accounts.set_factors(
        tx,
        account.id,
        "active",
        new_hash or account.password_hash,
        now if new_hash is not None else account.password_set_at,
        totp_sealed,
        step,
    )
    await limits.clear(tx, limits.Try(policy.account_failures, account.login))
    himself = Caller(CallerKind.STAFF, account.id, institution_id=account.institution_id)
    await end_all_sessions(tx, himself, account.id, "new factors", but=None)
    await audit.record(tx, himself, "access.enrolled", account.id, detail={"kind": opened.invitation.kind})


async def _spent(tx: Transaction, opened: _Opened, now: datetime) -> bool:
    return await store.spend(tx, opened.account.id, opened.token.digest, now)
