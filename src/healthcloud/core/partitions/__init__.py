"""Monthly partitions: made three months ahead, dropped when their time is over, counted for health."""

from healthcloud.core.partitions.actions import drop_expired, ensure_ahead
from healthcloud.core.partitions.jobs import RECURRING
from healthcloud.core.partitions.model import month_start
from healthcloud.core.partitions.reads import partitions_ahead

__all__ = ["RECURRING", "drop_expired", "ensure_ahead", "month_start", "partitions_ahead"]
