"""The partition keeper."""

from datetime import timedelta

from healthcloud.core.background import Body, Recurring
from healthcloud.core.db import Transaction
from healthcloud.core.partitions.actions import drop_expired, ensure_ahead


async def keep_partitions(tx: Transaction, _: Body) -> None:
    """Make what is missing ahead."""
    await ensure_ahead(tx)


async def drop_old_partitions(tx: Transaction, _: Body) -> None:
    """Drop what need not be kept; apart from making, so that one that fails leaves the other."""
    await drop_expired(tx)


RECURRING = (
    Recurring("core.keep-partitions", timedelta(hours=1), keep_partitions),
    Recurring("core.drop-old-partitions", timedelta(days=1), drop_old_partitions),
)
