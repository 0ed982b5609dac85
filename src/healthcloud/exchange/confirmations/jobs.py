"""Forgetting confirmations a day after they are over."""

from datetime import timedelta

from healthcloud.core.background import Recurring, in_portions
from healthcloud.core.db import Transaction
from healthcloud.exchange.confirmations import store
from healthcloud.exchange.confirmations.model import KEPT_FOR

PORTION = 1_000
FORGET_EVERY = timedelta(minutes=30)


async def forget_old(tx: Transaction) -> int:
    """Forget some confirmations that were over a day ago; return how many."""
    return await store.forget(tx, tx.clock.now() - KEPT_FOR, PORTION)


RECURRING = (Recurring("exchange.forget-confirmations", FORGET_EVERY, in_portions(forget_old)),)
