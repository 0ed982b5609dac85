"""Every statement about sessions."""

from datetime import datetime
from uuid import UUID

from healthcloud.access.sessions.model import BareSession, EndedSession, SessionLine, SessionRow
from healthcloud.core.db import Read, Transaction


async def session_rows(read: Read, account_id: UUID, token_hash: bytes, at: datetime) -> list[SessionRow]:
    """Return a session with its account and the grants that have not expired: everything a request must know."""
    return await read.all(
        SessionRow,
        """
        SELECT s.id, s.account_id, a.kind, a.state, a.institution_id, s.created_at, s.seen_at, s.idle_until,
               s.expires_at, s.ended_at, g.role, g.institution_id AS role_institution_id, g.granted_by, g.granted_at,
               g.expires_at AS role_expires_at, g.mac
          FROM access.sessions s
          JOIN access.accounts a ON a.id = s.account_id
          LEFT JOIN access.grants g ON g.account_id = s.account_id AND (g.expires_at IS NULL OR g.expires_at > $3)
         WHERE s.account_id = $1 AND s.token_hash = $2
        """,
        account_id,
        token_hash,
        at,
    )


async def bare_sessions(
    read: Read, account_ids: list[UUID], token_hashes: list[bytes], at: datetime
) -> list[BareSession]:
    """Return the open sessions with these tokens, in no order and without grants; tokens pair with their accounts."""
    return await read.all(
        BareSession,
        """
        SELECT s.account_id, s.token_hash, s.id, a.kind, s.seen_at, s.idle_until
          FROM unnest($1::uuid[], $2::bytea[]) AS asked (account_id, token_hash)
         CROSS JOIN LATERAL (
               SELECT one.account_id, one.token_hash, one.id, one.seen_at, one.idle_until
                 FROM access.sessions AS one
                WHERE one.account_id = asked.account_id AND one.token_hash = asked.token_hash
                  AND one.ended_at IS NULL AND one.expires_at > $3
                LIMIT 1) AS s
          JOIN access.accounts AS a ON a.id = s.account_id
         WHERE a.state = 'active'
        """,
        account_ids,
        token_hashes,
        at,
    )


async def add_session(
    tx: Transaction,
    account_id: UUID,
    token_hash: bytes,
    line: SessionLine,
    idle_until: datetime,
    second_factor_at: datetime | None,
) -> None:
    """Write a new session."""
    await tx.run(
        """
        INSERT INTO access.sessions (account_id, token_hash, id, device, created_at, seen_at, idle_until, expires_at,
                                     second_factor_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        account_id,
        token_hash,
        line.id,
        line.device,
        line.created_at,
        line.seen_at,
        idle_until,
        line.expires_at,
        second_factor_at,
    )


async def touch(tx: Transaction, account_id: UUID, token_hash: bytes, at: datetime, idle_until: datetime) -> None:
    """Move the idle limit of a session that is neither locked nor over."""
    await tx.run(
        """
        UPDATE access.sessions SET seen_at = $3, idle_until = $4
         WHERE account_id = $1 AND token_hash = $2 AND ended_at IS NULL AND idle_until > $3
        """,
        account_id,
        token_hash,
        at,
        idle_until,
    )


async def lock(tx: Transaction, account_id: UUID, token_hash: bytes, at: datetime) -> None:
    """Have a session's idle limit be over now."""
    await tx.run(
        """
        UPDATE access.sessions SET idle_until = $3
         WHERE account_id = $1 AND token_hash = $2 AND ended_at IS NULL AND idle_until > $3
        """,
        account_id,
        token_hash,
        at,
    )


async def renew_token(
    tx: Transaction, account_id: UUID, old_hash: bytes, new_hash: bytes, at: datetime, idle_until: datetime
) -> UUID | None:
    """Put a new token in place of the old one, unlocked; return the session's id, or None when it is over."""
    return await tx.value(
        UUID,
        """
        UPDATE access.sessions SET token_hash = $3, seen_at = $4, idle_until = $5, second_factor_at = $4
         WHERE account_id = $1 AND token_hash = $2 AND ended_at IS NULL AND expires_at > $4
        RETURNING id
        """,
        account_id,
        old_hash,
        new_hash,
        at,
        idle_until,
    )


async def end_by_token(
    tx: Transaction, account_id: UUID, token_hash: bytes, at: datetime, why: str
) -> EndedSession | None:
    """End the session with this token and return it, or None when it had ended."""
    return await tx.one(
        EndedSession,
        """
        UPDATE access.sessions AS s SET ended_at = $3, ended_because = $4
          FROM access.accounts a
         WHERE s.account_id = $1 AND s.token_hash = $2 AND s.ended_at IS NULL AND a.id = s.account_id
        RETURNING s.id, a.kind
        """,
        account_id,
        token_hash,
        at,
        why,
    )


async def end_by_id(tx: Transaction, account_id: UUID, session_id: UUID, at: datetime, why: str) -> bool:
    """End one session of an account; False when it has no such session open."""
    return (
        await tx.run(
            """
        UPDATE access.sessions SET ended_at = $3, ended_because = $4
         WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
        """,
            account_id,
            session_id,
            at,
            why,
        )
        == 1
    )


async def end_all(tx: Transaction, account_id: UUID, but: UUID | None, at: datetime, why: str) -> int:
    """End every session of an account but one; return how many."""
    return await tx.run(
        """
        UPDATE access.sessions SET ended_at = $3, ended_because = $4
         WHERE account_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2
        """,
        account_id,
        but,
        at,
        why,
    )


async def open_lines(read: Read, account_id: UUID, at: datetime) -> list[SessionLine]:
    """Return the open sessions of an account, the oldest first."""
    return await read.all(
        SessionLine,
        """
        SELECT id, device, created_at, seen_at, expires_at
          FROM access.sessions
         WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2
         ORDER BY created_at, id
        """,
        account_id,
        at,
    )


async def forget_sessions(tx: Transaction, before: datetime) -> int:
    """Delete sessions that expired before this instant; return how many."""
    return await tx.run("DELETE FROM access.sessions WHERE expires_at < $1", before)
