"""Stock: cards made ahead in batches (批量预生成) that wait for their holders; progress and rejected rows."""

from healthcloud.cards.stock.actions import order_batch, rejected_rows
from healthcloud.cards.stock.jobs import KINDS, keep_seals
from healthcloud.cards.stock.model import HEADER, MOST_ROWS, Batch, Order, Rejected, Tally, read_rows
from healthcloud.cards.stock.reads import batch, batches, faults_of, tally_of

__all__ = [
    "HEADER",
    "KINDS",
    "MOST_ROWS",
    "Batch",
    "Order",
    "Rejected",
    "Tally",
    "batch",
    "batches",
    "faults_of",
    "keep_seals",
    "order_batch",
    "read_rows",
    "rejected_rows",
    "tally_of",
]
