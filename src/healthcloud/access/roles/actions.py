"""Giving and taking roles: only by who holds `access.grant-roles`, never to oneself."""

from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.access.purposes import RIGHTS
from healthcloud.access.rights import must_hold
from healthcloud.access.roles import store
from healthcloud.access.roles.errors import (
    AdministratorsSeparate,
    NoSuchAccount,
    NotGranted,
    NotToOneself,
    RoleOfInstitution,
)
from healthcloud.access.roles.model import ADMINISTRATORS, OF_INSTITUTION, Grant, Holder, Role, rights_text
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction

SCOPE = "access.grant-roles"


async def grant_role(
    tx: Transaction, caller: Caller, account_id: UUID, role: Role, *, expires_at: datetime | None = None
) -> Grant:
    """
    Give a role, until `expires_at` or for good; giving it again changes the term.

    Raises NotToOneself, NoSuchAccount, RoleOfInstitution, AdministratorsSeparate.
    """
    holder = await _open(tx, caller, account_id, role)
    if (holder.institution_id is not None) != (role in OF_INSTITUTION):
        raise RoleOfInstitution(role=role)
    now = tx.clock.now()
    await store.drop_expired(tx, account_id, now)
    held = {grant.role for grant in await store.grants(tx, account_id, now)}
    if role in ADMINISTRATORS and held & (ADMINISTRATORS - {role}):
        audit.refuse(tx, caller, "access.role-granted", account_id, detail={"role": role})
        raise AdministratorsSeparate
    bare = Grant(account_id, role, holder.institution_id, caller.account_id, now, expires_at, b"")
    mac = tx.vault.fingerprint(RIGHTS, rights_text(bare))
    grant = Grant(account_id, role, holder.institution_id, caller.account_id, now, expires_at, mac)
    await store.put_grant(tx, grant)
    until = None if expires_at is None else expires_at.isoformat()
    await audit.record(tx, caller, "access.role-granted", account_id, detail={"role": role, "until": until})
    return grant


async def withdraw_role(tx: Transaction, caller: Caller, account_id: UUID, role: Role) -> None:
    """Take a role away; it is gone at the next request. Raises NotToOneself, NoSuchAccount, NotGranted."""
    await _open(tx, caller, account_id, role)
    if not await store.drop_grant(tx, account_id, role):
        raise NotGranted(role=role)
    await audit.record(tx, caller, "access.role-withdrawn", account_id, detail={"role": role})


async def drop_roles(tx: Transaction, caller: Caller, account_id: UUID) -> None:
    """Take every role away from somebody who leaves; the caller's right to do so was checked."""
    for role in await store.drop_grants(tx, account_id):
        await audit.record(tx, caller, "access.role-withdrawn", account_id, detail={"role": role})


async def _open(tx: Transaction, caller: Caller, account_id: UUID, role: Role) -> Holder:
    must_hold(caller, SCOPE)
    if caller.account_id == account_id:
        audit.refuse(tx, caller, "access.role-granted", account_id, detail={"role": role})
        raise NotToOneself
    holder = await store.holder(tx, account_id)
    if holder is None or holder.state == "left":
        raise NoSuchAccount
    return holder
