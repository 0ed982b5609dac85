"""From invitation to leaving: who may do what to an account of staff, and never to his own."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from healthcloud import audit
from healthcloud.access import limits
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.rights import must_hold
from healthcloud.access.roles import ADMINISTRATORS, NoSuchAccount, NotToOneself, Role, drop_roles, grant_role
from healthcloud.access.sessions import end_all_sessions
from healthcloud.access.staff import store
from healthcloud.access.staff.errors import LoginTaken, LoginUnfit, WrongState
from healthcloud.access.staff.invitations import drop_invitations, make_invitation
from healthcloud.access.staff.model import (
    Invitation,
    InvitationKind,
    StaffAccount,
    StaffLine,
    invited_account,
    missing_factors,
    normal_login,
)
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

SCOPE = "access.manage-staff"
RESET_SCOPE = "access.grant-roles"
# The first administrators' account ids are fixed, so that no two processes make them twice.
_FIRST = UUID("6d6f1c34-52b0-5c0e-9a39-6a0f6f0a41c7")


async def create_first_administrators(
    tx: Transaction, policy: AccessPolicy, logins: Mapping[Role, str]
) -> list[Invitation]:
    """
    Make the three separated administrators of a new city, once ever, and return their invitations.

    `logins` gives each of ADMINISTRATORS its login name: there are no default names and no default passwords. Empty
    when the city has had its first administrators.
    """
    made = []
    for role in sorted(ADMINISTRATORS):
        account = invited_account(uuid5(_FIRST, role), _login(logins[role]), str(role), None)
        if not await store.add_account(tx, _line(tx, account)):
            return []
        await _claim(tx, account)
        invitation = await make_invitation(tx, SYSTEM, account, InvitationKind.BOTH, policy)
        await audit.record(tx, SYSTEM, "access.invited", account.id)
        await grant_role(tx, SYSTEM, account.id, role)
        made.append(invitation)
    return made


async def invite(
    tx: Transaction,
    caller: Caller,
    policy: AccessPolicy,
    *,
    login: str,
    name: str,
    institution_id: UUID | None,
    roles: Sequence[Role] = (),
) -> Invitation:
    """
    Open an account of staff; roles with it need the right to give them.

    Raises LoginUnfit, LoginTaken, NoSuchAccount (another institution's), RoleOfInstitution, AdministratorsSeparate.
    """
    must_hold(caller, SCOPE)
    _must_reach(caller, institution_id)
    account = invited_account(new_id(), _login(login), name, institution_id)
    await store.add_account(tx, _line(tx, account))
    await _claim(tx, account)
    invitation = await make_invitation(tx, caller, account, InvitationKind.BOTH, policy)
    await audit.record(tx, caller, "access.invited", account.id)
    for role in roles:
        await grant_role(tx, caller, account.id, role)
    return invitation


async def invite_again(tx: Transaction, caller: Caller, policy: AccessPolicy, account_id: UUID) -> Invitation:
    """Make a new invitation in place of one that was lost; raises NoSuchAccount, WrongState, NotToOneself."""
    account = await _open(tx, caller, account_id)
    kind = missing_factors(account)
    if account.state != "invited" or kind is None:
        raise WrongState(state=account.state)
    await audit.record(tx, caller, "access.invited", account_id, detail={"again": True})
    return await make_invitation(tx, caller, account, kind, policy)


async def reset(
    tx: Transaction, caller: Caller, policy: AccessPolicy, account_id: UUID, kind: InvitationKind
) -> Invitation:
    """
    Reset password or second factor: it is void at once, sessions end, and the invitation sets a new one.

    Only by a security administrator, never his own. The other factor stays in force and is asked for. Who has lost
    both leaves and is invited anew. Raises NoSuchAccount, WrongState, NotToOneself.
    """
    account = await _open(tx, caller, account_id, RESET_SCOPE)
    if account.state != "active" or kind is InvitationKind.BOTH:
        raise WrongState(state=account.state)
    is_password = kind is InvitationKind.PASSWORD
    await store.set_factors(
        tx,
        account_id,
        "invited",
        None if is_password else account.password_hash,
        None if is_password else account.password_set_at,
        account.totp_sealed if is_password else None,
        account.totp_step if is_password else 0,
    )
    await end_all_sessions(tx, caller, account_id, "reset", but=None)
    await audit.record(tx, caller, "access.reset", account_id, detail={"kind": kind})
    return await make_invitation(tx, caller, account, kind, policy)


async def suspend(tx: Transaction, caller: Caller, account_id: UUID) -> None:
    """Stop an account until it is reinstated; its sessions end at once. Raises NoSuchAccount, WrongState."""
    account = await _open(tx, caller, account_id)
    _must_be(account, "active")
    await store.set_state(tx, account_id, "suspended")
    await end_all_sessions(tx, caller, account_id, "suspended", but=None)
    await audit.record(tx, caller, "access.suspended", account_id)


async def reinstate(tx: Transaction, caller: Caller, account_id: UUID) -> None:
    """Let a suspended account sign in again. Raises NoSuchAccount, WrongState."""
    account = await _open(tx, caller, account_id)
    _must_be(account, "suspended")
    await store.set_state(tx, account_id, "active")
    await audit.record(tx, caller, "access.reinstated", account_id)


async def leave(tx: Transaction, caller: Caller, account_id: UUID) -> None:
    """Close an account for good: sessions, roles and invitations end with it. Raises NoSuchAccount."""
    account = await _open(tx, caller, account_id)
    await store.close_account(tx, account_id, tx.clock.now())
    await store.forget_past_passwords(tx, account_id)
    await drop_invitations(tx, account_id)
    await drop_roles(tx, caller, account_id)
    await end_all_sessions(tx, caller, account_id, "left", but=None)
    await audit.record(tx, caller, "access.left", account.id)


async def sign_out_everywhere(tx: Transaction, caller: Caller, account_id: UUID) -> int:
    """End every session of somebody; return how many. Raises NoSuchAccount, NotToOneself."""
    account = await _open(tx, caller, account_id)
    return await end_all_sessions(tx, caller, account.id, "ended by an administrator", but=None)


async def unlock(tx: Transaction, caller: Caller, policy: AccessPolicy, account_id: UUID) -> None:
    """Take the lock off an account after failed sign-ins. Raises NoSuchAccount, NotToOneself."""
    account = await _open(tx, caller, account_id)
    await limits.clear(tx, limits.Try(policy.account_failures, account.login))
    await audit.record(tx, caller, "access.unlocked", account_id)


def _login(typed: str) -> str:
    login = normal_login(typed)
    if login is None:
        raise LoginUnfit
    return login


def _line(tx: Transaction, account: StaffAccount) -> StaffLine:
    return StaffLine(
        account.id, account.login, account.name, account.state, account.institution_id, tx.clock.now(), None, None
    )


async def _claim(tx: Transaction, account: StaffAccount) -> None:
    if not await store.claim_login(tx, account.login, account.id):
        raise LoginTaken


async def _open(tx: Transaction, caller: Caller, account_id: UUID, scope: str = SCOPE) -> StaffAccount:
    must_hold(caller, scope)
    if account_id == caller.account_id:
        audit.refuse(tx, caller, "access.reset", account_id)
        raise NotToOneself
    account = await store.hold_account(tx, account_id)
    if account is None or account.state == "left":
        raise NoSuchAccount
    _must_reach(caller, account.institution_id)
    return account


def _must_reach(caller: Caller, institution_id: UUID | None) -> None:
    """Who belongs to an institution looks after its staff only."""
    if caller.institution_id is not None and caller.institution_id != institution_id:
        raise NoSuchAccount


def _must_be(account: StaffAccount, state: str) -> None:
    if account.state != state:
        raise WrongState(state=account.state)
