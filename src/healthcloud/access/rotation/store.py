"""The statements that walk over what hangs on keys, by primary key."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.access.clients.model import Client
from healthcloud.access.roles import Grant
from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value: of the row `id`, which belongs to `owner_id` (itself, or a key's client)."""

    id: UUID
    owner_id: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A line of the look-up by number."""

    fingerprint: bytes
    account_id: UUID


async def factors_after(read: Read, after: UUID, limit: int) -> list[Sealed]:
    """Return the next second factors."""
    return await read.all(
        Sealed,
        """
        SELECT id, id AS owner_id, totp_sealed AS value
          FROM access.accounts WHERE id > $1 AND totp_sealed IS NOT NULL ORDER BY id LIMIT $2
        """,
        after,
        limit,
    )


async def replace_factors(tx: Transaction, ids: list[UUID], old: list[bytes], new: list[bytes]) -> None:
    """Write second factors sealed anew, unless somebody enrolled meanwhile."""
    await tx.run(
        """
        UPDATE access.accounts AS a SET totp_sealed = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE a.id = n.id AND a.totp_sealed = n.old
        """,
        ids,
        old,
        new,
    )


async def numbers_after(read: Read, after: UUID, limit: int) -> list[Sealed]:
    """Return the next residents' numbers."""
    return await read.all(
        Sealed,
        """
        SELECT id, id AS owner_id, phone_sealed AS value
          FROM access.accounts WHERE id > $1 AND phone_sealed IS NOT NULL ORDER BY id LIMIT $2
        """,
        after,
        limit,
    )


async def replace_numbers(tx: Transaction, ids: list[UUID], old: list[bytes], new: list[bytes]) -> None:
    """Write numbers sealed anew, unless somebody changed his meanwhile."""
    await tx.run(
        """
        UPDATE access.accounts AS a SET phone_sealed = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE a.id = n.id AND a.phone_sealed = n.old
        """,
        ids,
        old,
        new,
    )


async def secrets_after(read: Read, after: UUID, limit: int) -> list[Sealed]:
    """Return the next client keys' secrets, revoked ones too."""
    return await read.all(
        Sealed,
        """
        SELECT id, client_id AS owner_id, secret_sealed AS value
          FROM access.client_keys WHERE id > $1 ORDER BY id LIMIT $2
        """,
        after,
        limit,
    )


async def replace_secrets(tx: Transaction, ids: list[UUID], old: list[bytes], new: list[bytes]) -> None:
    """Write secrets sealed anew."""
    await tx.run(
        """
        UPDATE access.client_keys AS k SET secret_sealed = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE k.id = n.id AND k.secret_sealed = n.old
        """,
        ids,
        old,
        new,
    )


async def claim_fingerprints(tx: Transaction, fingerprints: list[bytes], account_ids: list[UUID]) -> None:
    """Add the look-up lines that are missing; given in order, so that two never wait for each other."""
    await tx.run(
        """
        INSERT INTO access.phones (fingerprint, account_id)
        SELECT n.fingerprint, n.account_id FROM unnest($1::bytea[], $2::uuid[]) AS n (fingerprint, account_id)
        ON CONFLICT (fingerprint) DO NOTHING
        """,
        fingerprints,
        account_ids,
    )


async def phones_after(read: Read, after: bytes, limit: int) -> list[PhoneRow]:
    """Return the next look-up lines."""
    return await read.all(
        PhoneRow,
        "SELECT fingerprint, account_id FROM access.phones WHERE fingerprint > $1 ORDER BY fingerprint LIMIT $2",
        after,
        limit,
    )


async def numbers_of(read: Read, account_ids: list[UUID]) -> list[Sealed]:
    """Return these accounts' numbers."""
    return await read.all(
        Sealed,
        """
        SELECT id, id AS owner_id, phone_sealed AS value
          FROM access.accounts WHERE id = ANY($1) AND phone_sealed IS NOT NULL
        """,
        account_ids,
    )


async def drop_fingerprints(tx: Transaction, fingerprints: list[bytes]) -> None:
    """Delete look-up lines that no live key makes."""
    await tx.run("DELETE FROM access.phones WHERE fingerprint = ANY($1)", fingerprints)


async def grants_after(read: Read, account_id: UUID, role: str, limit: int) -> list[Grant]:
    """Return the next grants."""
    return await read.all(
        Grant,
        """
        SELECT account_id, role, institution_id, granted_by, granted_at, expires_at, mac
          FROM access.grants WHERE (account_id, role) > ($1, $2) ORDER BY account_id, role LIMIT $3
        """,
        account_id,
        role,
        limit,
    )


async def replace_grant_macs(
    tx: Transaction, account_ids: list[UUID], roles: list[str], old: list[bytes], new: list[bytes]
) -> None:
    """Write MACs made anew of grants nobody changed meanwhile."""
    await tx.run(
        """
        UPDATE access.grants AS g SET mac = n.new
          FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS n (account_id, role, old, new)
         WHERE g.account_id = n.account_id AND g.role = n.role AND g.mac = n.old
        """,
        account_ids,
        roles,
        old,
        new,
    )


async def clients_after(read: Read, after: UUID, limit: int) -> list[Client]:
    """Return the next clients."""
    return await read.all(
        Client,
        """
        SELECT id, institution_id, name, scopes, quota_per_second, created_at, revoked_at, mac, addresses
          FROM access.clients WHERE id > $1 ORDER BY id LIMIT $2
        """,
        after,
        limit,
    )


async def replace_client_macs(tx: Transaction, ids: list[UUID], old: list[bytes], new: list[bytes]) -> None:
    """Write MACs made anew of clients nobody changed meanwhile."""
    await tx.run(
        """
        UPDATE access.clients AS c SET mac = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE c.id = n.id AND c.mac = n.old
        """,
        ids,
        old,
        new,
    )
