"""Every statement about residents' accounts and their codes."""

from datetime import datetime
from uuid import UUID

from healthcloud.access.residents.model import ResidentAccount
from healthcloud.core.db import Read, Transaction


async def put_code(
    tx: Transaction, phone_fingerprint: bytes, purpose: str, code_mac: bytes, at: datetime, expires_at: datetime
) -> None:
    """Write the one code of a number for a purpose, in place of the former one."""
    await tx.run(
        """
        INSERT INTO access.one_time_codes (phone_fingerprint, purpose, code_mac, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (phone_fingerprint, purpose) DO UPDATE
           SET code_mac = excluded.code_mac, created_at = excluded.created_at, expires_at = excluded.expires_at,
               guesses = 0, used_at = NULL
        """,
        phone_fingerprint,
        purpose,
        code_mac,
        at,
        expires_at,
    )


async def guess_code(
    tx: Transaction, phone_fingerprints: list[bytes], purpose: str, code_macs: list[bytes], at: datetime, guesses: int
) -> bool:
    """Count a guess and spend the code if it is right: one statement, so a code is good once in any race."""
    return True in await tx.values(
        bool,
        """
        UPDATE access.one_time_codes
           SET guesses = guesses + 1, used_at = CASE WHEN code_mac = ANY($3) THEN $4 END
         WHERE phone_fingerprint = ANY($1) AND purpose = $2 AND used_at IS NULL AND expires_at > $4 AND guesses < $5
        RETURNING used_at IS NOT NULL
        """,
        phone_fingerprints,
        purpose,
        code_macs,
        at,
        guesses,
    )


async def forget_codes(tx: Transaction, before: datetime) -> int:
    """Delete codes that expired before this instant; return how many."""
    return await tx.run("DELETE FROM access.one_time_codes WHERE expires_at < $1", before)


async def account_of_phone(read: Read, fingerprints: list[bytes]) -> UUID | None:
    """Return whose number this is."""
    return await read.value(
        UUID, "SELECT account_id FROM access.phones WHERE fingerprint = ANY($1) LIMIT 1", fingerprints
    )


async def claim_phone(tx: Transaction, fingerprint: bytes, account_id: UUID) -> bool:
    """Take a number for an account; False when it is taken, perhaps by this account."""
    return (
        await tx.run(
            "INSERT INTO access.phones (fingerprint, account_id) VALUES ($1, $2) ON CONFLICT (fingerprint) DO NOTHING",
            fingerprint,
            account_id,
        )
        == 1
    )


async def release_phone(tx: Transaction, fingerprints: list[bytes], account_id: UUID) -> None:
    """Give an account's number free."""
    await tx.run("DELETE FROM access.phones WHERE fingerprint = ANY($1) AND account_id = $2", fingerprints, account_id)


async def account(read: Read, account_id: UUID) -> ResidentAccount | None:
    """Return a resident's account."""
    return await read.one(
        ResidentAccount,
        "SELECT id, state, phone_sealed FROM access.accounts WHERE id = $1 AND kind = 'resident'",
        account_id,
    )


async def add_account(tx: Transaction, account_id: UUID, phone_sealed: bytes, at: datetime) -> None:
    """Open a resident's account."""
    await tx.run(
        """
        INSERT INTO access.accounts (id, kind, state, phone_sealed, created_at)
        VALUES ($1, 'resident', 'active', $2, $3)
        """,
        account_id,
        phone_sealed,
        at,
    )


async def set_phone(tx: Transaction, account_id: UUID, phone_sealed: bytes) -> None:
    """Write another number into an account."""
    await tx.run("UPDATE access.accounts SET phone_sealed = $2 WHERE id = $1", account_id, phone_sealed)


async def note_sign_in(tx: Transaction, account_id: UUID, at: datetime) -> None:
    """Note when an account was last signed in to."""
    await tx.run("UPDATE access.accounts SET signed_in_at = $2 WHERE id = $1", account_id, at)
