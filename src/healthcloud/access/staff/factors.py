"""A member of staff's second factor as it is stored: opened only to check a code."""

from healthcloud.access.purposes import SECOND_FACTOR
from healthcloud.access.staff import totp
from healthcloud.access.staff.model import StaffAccount
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database


def spendable_step(database: Database, account: StaffAccount, code: str) -> int | None:
    """Return the step a code is of, to be spent with what it allows; None when it is wrong or was used."""
    if account.totp_sealed is None:
        return None
    secret = open_secret(database.vault, account, account.totp_sealed)
    return totp.matching_step(secret, code, database.clock.now(), account.totp_step)


def was_spent(database: Database, account: StaffAccount, code: str) -> bool:
    """Tell whether a code that cannot be spent would be right, had it or a later one not been used."""
    if account.totp_sealed is None:
        return False
    secret = open_secret(database.vault, account, account.totp_sealed)
    return totp.matching_step(secret, code, database.clock.now(), last_step=-1) is not None


def open_secret(vault: Vault, account: StaffAccount, sealed: bytes) -> str:
    """Return the secret, base32."""
    return vault.open(SECOND_FACTOR, account.id.bytes, sealed).decode()
