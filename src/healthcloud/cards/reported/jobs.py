"""What recurs: forgetting the ids of reports that can no longer be handed in again."""

from datetime import timedelta

from healthcloud.cards.reported import store
from healthcloud.core.background import Recurring, in_portions
from healthcloud.core.db import Transaction

KEPT_FOR = timedelta(days=62)
AT_ONCE = 10_000


async def forget_reports(tx: Transaction) -> int:
    """Forget some of what is two months old."""
    return await store.forget_reports(tx, tx.clock.now() - KEPT_FOR, AT_ONCE)


RECURRING = (Recurring("cards.forget-reports", timedelta(days=1), in_portions(forget_reports)),)
