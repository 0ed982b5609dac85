"""Every statement about grants."""

from datetime import datetime
from uuid import UUID

from healthcloud.access.roles.model import Grant, Holder
from healthcloud.core.db import Read, Transaction


async def holder(tx: Transaction, account_id: UUID) -> Holder | None:
    """Return a member of staff, held so that his rights change one after the other."""
    return await tx.one(
        Holder,
        "SELECT id, state, institution_id FROM access.accounts WHERE id = $1 AND kind = 'staff' FOR UPDATE",
        account_id,
    )


async def put_grant(tx: Transaction, grant: Grant) -> None:
    """Write a grant, in place of the same role's former one."""
    await tx.run(
        """
        INSERT INTO access.grants (account_id, role, institution_id, granted_by, granted_at, expires_at, mac)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id, role) DO UPDATE
           SET institution_id = excluded.institution_id, granted_by = excluded.granted_by,
               granted_at = excluded.granted_at, expires_at = excluded.expires_at, mac = excluded.mac
        """,
        grant.account_id,
        grant.role,
        grant.institution_id,
        grant.granted_by,
        grant.granted_at,
        grant.expires_at,
        grant.mac,
    )


async def drop_grant(tx: Transaction, account_id: UUID, role: str) -> bool:
    """Take a role away; False when it was not held."""
    return await tx.run("DELETE FROM access.grants WHERE account_id = $1 AND role = $2", account_id, role) == 1


async def drop_grants(tx: Transaction, account_id: UUID) -> list[str]:
    """Take every role away and return which."""
    return await tx.values(str, "DELETE FROM access.grants WHERE account_id = $1 RETURNING role", account_id)


async def drop_expired(tx: Transaction, account_id: UUID, at: datetime) -> None:
    """Take away what has expired, so that it stands in no other role's way."""
    await tx.run("DELETE FROM access.grants WHERE account_id = $1 AND expires_at <= $2", account_id, at)


async def grants(read: Read, account_id: UUID, at: datetime) -> list[Grant]:
    """Return the grants of an account that have not expired."""
    return await read.all(
        Grant,
        """
        SELECT account_id, role, institution_id, granted_by, granted_at, expires_at, mac
          FROM access.grants
         WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2)
         ORDER BY role
        """,
        account_id,
        at,
    )
