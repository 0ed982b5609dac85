"""Every statement about addresses of institutions."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.exchange.outward.endpoints.model import Endpoint, EndpointWish


class Secrets(NamedTuple):
    """An address's sealed secrets, with the keys they are of."""

    institution_id: UUID
    key_id: UUID
    secret_sealed: bytes
    next_key_id: UUID | None
    next_secret_sealed: bytes | None


async def endpoint(read: Read, institution_id: UUID) -> Endpoint | None:
    """Return an institution's address."""
    return await read.one(
        Endpoint,
        """
        SELECT institution_id, url, kinds, is_open, in_flight, timeout_ms, key_id, secret_sealed, next_key_id,
               created_at, changed_at
          FROM exchange.endpoints WHERE institution_id = $1
        """,
        institution_id,
    )


async def endpoints_after(read: Read, after: UUID, limit: int) -> list[Endpoint]:
    """Return addresses by institution, after one of them."""
    return await read.all(
        Endpoint,
        """
        SELECT institution_id, url, kinds, is_open, in_flight, timeout_ms, key_id, secret_sealed, next_key_id,
               created_at, changed_at
          FROM exchange.endpoints WHERE institution_id > $1 ORDER BY institution_id LIMIT $2
        """,
        after,
        limit,
    )


async def endpoints_of(read: Read, institution_ids: list[UUID]) -> list[Endpoint]:
    """Return the addresses of these institutions."""
    return await read.all(
        Endpoint,
        """
        SELECT institution_id, url, kinds, is_open, in_flight, timeout_ms, key_id, secret_sealed, next_key_id,
               created_at, changed_at
          FROM exchange.endpoints WHERE institution_id = ANY ($1::uuid[])
        """,
        institution_ids,
    )


async def asking_for(read: Read, institution_ids: list[UUID], kind: str) -> list[UUID]:
    """Return those of these institutions that asked for a kind."""
    return await read.values(
        UUID,
        "SELECT institution_id FROM exchange.endpoints WHERE institution_id = ANY ($1::uuid[]) AND $2 = ANY (kinds)",
        institution_ids,
        kind,
    )


async def add_endpoint(tx: Transaction, institution_id: UUID, wish: EndpointWish, key: tuple[UUID, bytes]) -> int:
    """Enter an address where there is none; return how many that were."""
    return await tx.run(
        """
        INSERT INTO exchange.endpoints
               (institution_id, url, kinds, is_open, in_flight, timeout_ms, key_id, secret_sealed, created_at,
                changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        ON CONFLICT (institution_id) DO NOTHING
        """,
        institution_id,
        wish.url,
        sorted(wish.kinds),
        wish.is_open,
        wish.in_flight,
        wish.timeout_ms,
        *key,
        tx.clock.now(),
    )


async def change_endpoint(tx: Transaction, institution_id: UUID, wish: EndpointWish, at: datetime) -> None:
    """Change an address; its keys stay."""
    await tx.run(
        """
        UPDATE exchange.endpoints
           SET url = $2, kinds = $3, is_open = $4, in_flight = $5, timeout_ms = $6, changed_at = $7
         WHERE institution_id = $1
        """,
        institution_id,
        wish.url,
        sorted(wish.kinds),
        wish.is_open,
        wish.in_flight,
        wish.timeout_ms,
        at,
    )


async def remove_endpoint(tx: Transaction, institution_id: UUID) -> int:
    """Remove an address; return how many that were."""
    return await tx.run("DELETE FROM exchange.endpoints WHERE institution_id = $1", institution_id)


async def set_next_key(tx: Transaction, institution_id: UUID, key_id: UUID, sealed: bytes, at: datetime) -> int:
    """Keep a key that is not used yet; return how many addresses that were."""
    return await tx.run(
        """
        UPDATE exchange.endpoints SET next_key_id = $2, next_secret_sealed = $3, changed_at = $4
         WHERE institution_id = $1
        """,
        institution_id,
        key_id,
        sealed,
        at,
    )


async def use_next_key(tx: Transaction, institution_id: UUID, at: datetime) -> UUID | None:
    """Sign with the next key from now on; return its id, None where there is none."""
    return await tx.value(
        UUID,
        """
        UPDATE exchange.endpoints
           SET key_id = next_key_id, secret_sealed = next_secret_sealed, next_key_id = NULL, next_secret_sealed = NULL,
               changed_at = $2
         WHERE institution_id = $1 AND next_key_id IS NOT NULL
        RETURNING key_id
        """,
        institution_id,
        at,
    )


async def secrets(tx: Transaction) -> list[Secrets]:
    """Return every address's sealed secrets."""
    return await tx.all(
        Secrets,
        """
        SELECT institution_id, key_id, secret_sealed, next_key_id, next_secret_sealed
          FROM exchange.endpoints ORDER BY institution_id
        """,
    )


async def seal_again(tx: Transaction, before: Secrets, secret: bytes, next_secret: bytes | None) -> None:
    """Keep secrets sealed anew, unless they are others by now."""
    await tx.run(
        """
        UPDATE exchange.endpoints SET secret_sealed = $4, next_secret_sealed = $5
         WHERE institution_id = $1 AND secret_sealed = $2 AND next_secret_sealed IS NOT DISTINCT FROM $3
        """,
        before.institution_id,
        before.secret_sealed,
        before.next_secret_sealed,
        secret,
        next_secret,
    )
