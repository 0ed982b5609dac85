"""Every statement about stored answers."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Transaction
from healthcloud.core.idempotency.model import Kept


async def claim(
    tx: Transaction, caller_id: UUID, route: str, key: str, body_hash: bytes, now: datetime, expires_at: datetime
) -> str | None:
    """
    Claim the key for this transaction, or None when another request has it.

    Waits for a twin that has not committed yet; a row that has expired is claimed anew.
    """
    return await tx.value(
        str,
        """
        INSERT INTO core.idempotency AS kept (caller_id, route, key, body_hash, expires_at)
        VALUES ($1, $2, $3, $4, $6)
        ON CONFLICT (caller_id, route, key) DO UPDATE
           SET body_hash = excluded.body_hash, status = NULL, answer_sealed = NULL, expires_at = excluded.expires_at
         WHERE kept.expires_at <= $5
        RETURNING key
        """,
        caller_id,
        route,
        key,
        body_hash,
        now,
        expires_at,
    )


async def keep(tx: Transaction, caller_id: UUID, route: str, key: str, status: int, answer_sealed: bytes) -> None:
    """Write the answer beside the claimed key."""
    await tx.run(
        """
        UPDATE core.idempotency
           SET status = $4, answer_sealed = $5
         WHERE caller_id = $1 AND route = $2 AND key = $3
        """,
        caller_id,
        route,
        key,
        status,
        answer_sealed,
    )


async def kept(tx: Transaction, caller_id: UUID, route: str, key: str) -> Kept | None:
    """Return what another request with this key has committed."""
    return await tx.one(
        Kept,
        """
        SELECT body_hash, status, answer_sealed
          FROM core.idempotency
         WHERE caller_id = $1 AND route = $2 AND key = $3
        """,
        caller_id,
        route,
        key,
    )


async def claim_each(
    tx: Transaction,
    callers: list[UUID],
    routes: list[str],
    keys: list[str],
    body_hashes: list[bytes],
    now: datetime,
    expires_at: datetime,
) -> list[int]:
    """Claim several keys in the order given, which is everybody's; return the places, from 1, of those free."""
    return await tx.values(
        int,
        """
        WITH asked AS (
            SELECT caller_id, route, key, body_hash, place::integer AS place
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY
                AS asked (caller_id, route, key, body_hash, place)
        ), claimed AS (
            INSERT INTO core.idempotency AS kept (caller_id, route, key, body_hash, expires_at)
            SELECT caller_id, route, key, body_hash, $6 FROM asked ORDER BY place
            ON CONFLICT (caller_id, route, key) DO UPDATE
               SET body_hash = excluded.body_hash, status = NULL, answer_sealed = NULL,
                   expires_at = excluded.expires_at
             WHERE kept.expires_at <= $5
            RETURNING caller_id, route, key
        )
        SELECT asked.place
          FROM claimed
          JOIN asked USING (caller_id, route, key)
        """,
        callers,
        routes,
        keys,
        body_hashes,
        now,
        expires_at,
    )


async def keep_each(
    tx: Transaction,
    callers: list[UUID],
    routes: list[str],
    keys: list[str],
    status: int,
    answers_sealed: list[bytes],
) -> None:
    """Write answers of one status beside their claimed keys."""
    await tx.run(
        """
        UPDATE core.idempotency AS i
           SET status = $4, answer_sealed = done.answer_sealed
          FROM unnest($1::uuid[], $2::text[], $3::text[], $5::bytea[]) AS done (caller_id, route, key, answer_sealed)
         WHERE i.caller_id = done.caller_id AND i.route = done.route AND i.key = done.key
        """,
        callers,
        routes,
        keys,
        status,
        answers_sealed,
    )


async def release_each(tx: Transaction, callers: list[UUID], routes: list[str], keys: list[str]) -> None:
    """Give claimed keys back: what ended in a problem is never stored."""
    await tx.run(
        """
        DELETE FROM core.idempotency AS i
         USING unnest($1::uuid[], $2::text[], $3::text[]) AS gone (caller_id, route, key)
         WHERE i.caller_id = gone.caller_id AND i.route = gone.route AND i.key = gone.key
        """,
        callers,
        routes,
        keys,
    )


async def forget(tx: Transaction, now: datetime, limit: int) -> int:
    """Delete up to `limit` expired answers, the oldest first; say how many."""
    return await tx.run(
        """
        DELETE FROM core.idempotency
         WHERE (caller_id, route, key) IN (
               SELECT caller_id, route, key
                 FROM core.idempotency
                WHERE expires_at <= $1
                ORDER BY expires_at
                LIMIT $2
                  FOR UPDATE SKIP LOCKED)
        """,
        now,
        limit,
    )
