"""What recurs around what goes out."""

from datetime import timedelta
from typing import Final

from healthcloud.core.background import Body, Recurring
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction
from healthcloud.exchange.outward.endpoints import store as addresses
from healthcloud.exchange.outward.endpoints.model import secret_row
from healthcloud.exchange.outward.endpoints.store import Secrets
from healthcloud.exchange.outward.purposes import SECRET
from healthcloud.exchange.outward.tidying import store

KEPT_FOR: Final = timedelta(days=183)  # what was told to whom and when, half a year (网络安全法 第二十一条)
NEVER_TRIED_AFTER = timedelta(days=1)  # beyond the last attempt, for an address that was closed or taken away
_FORGET_AT_ONCE = 5000


async def tidy(tx: Transaction, _body: Body) -> None:
    """Forget what ended half a year ago, and give up what could not be tried for want of an address."""
    now = tx.clock.now()
    await store.forget_ended(tx, now - KEPT_FOR, _FORGET_AT_ONCE)
    await store.forget_sequences(tx, now - KEPT_FOR)
    await store.bury_untried(tx, now - NEVER_TRIED_AFTER, "never tried: no open address", now)


async def keep_seals(tx: Transaction, _body: Body) -> None:
    """Seal again the secrets that another than the current key sealed."""
    for one in await addresses.secrets(tx):
        fresh = _again(tx.vault, one)
        if fresh != (one.secret_sealed, one.next_secret_sealed):
            await addresses.seal_again(tx, one, *fresh)


def _again(vault: Vault, one: Secrets) -> tuple[bytes, bytes | None]:
    row = secret_row(one.institution_id, one.key_id)
    secret = one.secret_sealed
    if not vault.is_current(SECRET, secret):
        secret = vault.seal(SECRET, row, vault.open(SECRET, row, secret))
    following = one.next_secret_sealed
    if one.next_key_id is not None and following is not None and not vault.is_current(SECRET, following):
        row = secret_row(one.institution_id, one.next_key_id)
        following = vault.seal(SECRET, row, vault.open(SECRET, row, following))
    return secret, following


RECURRING = (
    Recurring("exchange.outward-tidy", timedelta(minutes=10), tidy),
    Recurring("exchange.outward-keep-seals", timedelta(hours=1), keep_seals),
)
