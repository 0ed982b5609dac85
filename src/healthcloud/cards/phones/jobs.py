"""What recurs: forgetting keys of phones whose certificates are long over; phones make a new one each time."""

from datetime import timedelta

from healthcloud.cards.phones import store
from healthcloud.core.background import Recurring, in_portions
from healthcloud.core.db import Transaction

KEPT_FOR = timedelta(days=31)
AT_ONCE = 10_000


async def forget_keys(tx: Transaction) -> int:
    """Forget some keys that were certified last a month ago."""
    return await store.forget_keys(tx, tx.clock.now() - KEPT_FOR, AT_ONCE)


RECURRING = (Recurring("cards.forget-phone-keys", timedelta(hours=6), in_portions(forget_keys)),)
