"""Every statement about clients, their keys and nonces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from healthcloud.access.clients.model import Client, ClientKey, KeysCounted, KeyStanding, Nonce
from healthcloud.core.db import Read, Transaction


async def add_client(tx: Transaction, client: Client) -> None:
    """Write a new client."""
    await tx.run(
        """
        INSERT INTO access.clients (id, institution_id, name, scopes, quota_per_second, created_at, mac,
                                    addresses)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        client.id,
        client.institution_id,
        client.name,
        client.scopes,
        client.quota_per_second,
        client.created_at,
        client.mac,
        client.addresses,
    )


async def client(read: Read, client_id: UUID) -> Client | None:
    """Return one client."""
    return await read.one(
        Client,
        """
        SELECT id, institution_id, name, scopes, quota_per_second, created_at, revoked_at, mac, addresses
          FROM access.clients WHERE id = $1
        """,
        client_id,
    )


async def clients_after(read: Read, institution_id: UUID | None, after: UUID, limit: int) -> list[Client]:
    """Return clients by id after a place in the list, of one institution if asked."""
    return await read.all(
        Client,
        """
        SELECT id, institution_id, name, scopes, quota_per_second, created_at, revoked_at, mac, addresses
          FROM access.clients
         WHERE id > $2 AND ($1::uuid IS NULL OR institution_id = $1)
         ORDER BY id
         LIMIT $3
        """,
        institution_id,
        after,
        limit,
    )


async def change_addresses(tx: Transaction, client_id: UUID, addresses: list[str], mac: bytes) -> bool:
    """Hold a client to other addresses; False when it is out."""
    return (
        await tx.run(
            "UPDATE access.clients SET addresses = $2, mac = $3 WHERE id = $1 AND revoked_at IS NULL",
            client_id,
            addresses,
            mac,
        )
        == 1
    )


async def end_expired_keys(tx: Transaction, client_id: UUID, at: datetime) -> None:
    """Give the places of keys that have expired free."""
    await tx.run(
        """
        UPDATE access.client_keys SET revoked_at = expires_at
         WHERE client_id = $1 AND revoked_at IS NULL AND expires_at <= $2
        """,
        client_id,
        at,
    )


async def add_key(tx: Transaction, key: ClientKey) -> bool:
    """Write a key in this place; False when a live one stands there."""
    return (
        await tx.run(
            """
            INSERT INTO access.client_keys (id, client_id, institution_id, place, algorithm, secret_sealed, created_at,
                                            expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (client_id, place) WHERE revoked_at IS NULL DO NOTHING
            """,
            key.id,
            key.client_id,
            key.institution_id,
            key.place,
            key.algorithm,
            key.secret_sealed,
            key.created_at,
            key.expires_at,
        )
        == 1
    )


async def keys(read: Read, client_id: UUID) -> list[ClientKey]:
    """Return every key a client ever had, the oldest first."""
    return await read.all(
        ClientKey,
        """
        SELECT id, client_id, institution_id, place, algorithm, secret_sealed, created_at, expires_at, revoked_at
          FROM access.client_keys WHERE client_id = $1 ORDER BY created_at, id
        """,
        client_id,
    )


async def revoke_key(tx: Transaction, client_id: UUID, key_id: UUID, at: datetime) -> bool:
    """Revoke a live key; False when the client has none of this id."""
    return (
        await tx.run(
            "UPDATE access.client_keys SET revoked_at = $3 WHERE id = $2 AND client_id = $1 AND revoked_at IS NULL",
            client_id,
            key_id,
            at,
        )
        == 1
    )


async def revoke_keys(tx: Transaction, client_id: UUID, at: datetime) -> int:
    """Revoke every live key of a client; return how many."""
    return await tx.run(
        "UPDATE access.client_keys SET revoked_at = $2 WHERE client_id = $1 AND revoked_at IS NULL", client_id, at
    )


async def revoke_client(tx: Transaction, client_id: UUID, at: datetime) -> bool:
    """Shut a client out; False when it is out already."""
    return (
        await tx.run("UPDATE access.clients SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", client_id, at)
        == 1
    )


async def live_keys(read: Read, institution_ids: list[UUID], at: datetime) -> list[KeysCounted]:
    """Count the keys of institutions that may sign at an instant."""
    return await read.all(
        KeysCounted,
        """
        SELECT c.institution_id, sum(k.keys)::bigint AS keys
          FROM access.clients AS c
          CROSS JOIN LATERAL (SELECT count(*) AS keys FROM access.client_keys
                               WHERE client_id = c.id AND institution_id = c.institution_id AND revoked_at IS NULL
                                 AND (expires_at IS NULL OR expires_at > $2)) AS k
         WHERE c.institution_id = ANY ($1) AND c.revoked_at IS NULL
         GROUP BY c.institution_id HAVING sum(k.keys) > 0
        """,
        institution_ids,
        at,
    )


async def key_standings(read: Read, key_ids: list[UUID]) -> list[KeyStanding]:
    """Return keys with their clients."""
    return await read.all(
        KeyStanding,
        """
        SELECT k.id, k.client_id, k.institution_id, k.algorithm, k.secret_sealed, k.expires_at, k.revoked_at,
               c.institution_id AS client_institution_id, c.scopes, c.quota_per_second,
               c.revoked_at AS client_revoked_at, c.mac, c.addresses
          FROM access.client_keys k JOIN access.clients c ON c.id = k.client_id
         WHERE k.id = ANY($1)
        """,
        key_ids,
    )


async def use_nonces(tx: Transaction, nonces: Sequence[Nonce]) -> list[Nonce]:
    """Note nonces of keys that exist, in the order given; return those that are new, without their end."""
    return await tx.all(
        Nonce,
        """
        INSERT INTO access.nonces (key_id, nonce, expires_at)
        SELECT key_id, nonce, expires_at
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS new (key_id, nonce, expires_at)
        ON CONFLICT (key_id, nonce) DO NOTHING
        RETURNING key_id, nonce, expires_at
        """,
        [one.key_id for one in nonces],
        [one.nonce for one in nonces],
        [one.expires_at for one in nonces],
    )


async def forget_nonces(tx: Transaction, at: datetime) -> int:
    """Forget nonces whose time would be refused anyway; return how many."""
    return await tx.run("DELETE FROM access.nonces WHERE expires_at <= $1", at)
