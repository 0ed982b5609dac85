"""Which account a number signs in to: one row for each live fingerprint key, the first to claim it keeps it."""

from uuid import UUID

from healthcloud.access.purposes import PHONE, PHONE_FINGERPRINT
from healthcloud.access.residents import store
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Read, Transaction


def fingerprints_of(vault: Vault, number: str) -> list[bytes]:
    """Return a number's fingerprints in the order in which everybody claims them."""
    return sorted(vault.fingerprints(PHONE_FINGERPRINT, number))


def seal_number(vault: Vault, account_id: UUID, number: str) -> bytes:
    """Seal a number for its account's row."""
    return vault.seal(PHONE, account_id.bytes, number.encode())


def open_number(vault: Vault, account_id: UUID, sealed: bytes) -> str:
    """Return an account's number."""
    return vault.open(PHONE, account_id.bytes, sealed).decode()


async def holder_of(read: Read, number: str) -> UUID | None:
    """Return the account this number signs in to, or None."""
    return await store.account_of_phone(read, fingerprints_of(read.vault, number))


async def claim_number(tx: Transaction, number: str, account_id: UUID) -> UUID:
    """Take a number for this account, or return the account that has it; waits for one that is just taking it."""
    fingerprints = fingerprints_of(tx.vault, number)
    taken = [await store.claim_phone(tx, fingerprint, account_id) for fingerprint in fingerprints]
    if all(taken):
        return account_id
    holder = await store.account_of_phone(tx, fingerprints)
    if holder is None or holder == account_id:
        return account_id
    await store.release_phone(tx, fingerprints, account_id)
    return holder


async def release_number(tx: Transaction, number: str, account_id: UUID) -> None:
    """Give this account's number free."""
    await store.release_phone(tx, fingerprints_of(tx.vault, number), account_id)
