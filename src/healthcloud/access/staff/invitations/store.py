"""Every statement about invitations."""

from datetime import datetime
from uuid import UUID

from healthcloud.access.staff.model import StoredInvitation
from healthcloud.core.db import Read, Transaction


async def add_invitation(
    tx: Transaction,
    account_id: UUID,
    token_hash: bytes,
    kind: str,
    created_by: UUID,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Write a new invitation."""
    await tx.run(
        """
        INSERT INTO access.invitations (account_id, token_hash, kind, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        account_id,
        token_hash,
        kind,
        created_by,
        at,
        expires_at,
    )


async def invitation(read: Read, account_id: UUID, token_hash: bytes, at: datetime) -> StoredInvitation | None:
    """Return an invitation that is neither spent nor expired."""
    return await read.one(
        StoredInvitation,
        """
        SELECT account_id, kind, password_hash, totp_sealed
          FROM access.invitations
         WHERE account_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3
        """,
        account_id,
        token_hash,
        at,
    )


async def keep_pending(
    tx: Transaction, account_id: UUID, token_hash: bytes, password_hash: str | None, totp_sealed: bytes, at: datetime
) -> bool:
    """Keep new factors with their invitation until they are confirmed; False when it is over."""
    return (
        await tx.run(
            """
            UPDATE access.invitations SET password_hash = $3, totp_sealed = $4
             WHERE account_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $5
            """,
            account_id,
            token_hash,
            password_hash,
            totp_sealed,
            at,
        )
        == 1
    )


async def spend(tx: Transaction, account_id: UUID, token_hash: bytes, at: datetime) -> bool:
    """Spend an invitation; False when it was spent or has expired."""
    return (
        await tx.run(
            """
            UPDATE access.invitations SET used_at = $3, password_hash = NULL, totp_sealed = NULL
             WHERE account_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3
            """,
            account_id,
            token_hash,
            at,
        )
        == 1
    )


async def drop_invitations(tx: Transaction, account_id: UUID) -> None:
    """Take back every invitation of an account that was not used."""
    await tx.run("DELETE FROM access.invitations WHERE account_id = $1 AND used_at IS NULL", account_id)


async def forget_invitations(tx: Transaction, before: datetime) -> int:
    """Delete invitations that expired before this instant; return how many."""
    return await tx.run("DELETE FROM access.invitations WHERE expires_at < $1", before)
