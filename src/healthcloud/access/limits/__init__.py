"""Limits: how often something may be tried; counted before the try, so that no race tries more."""

from healthcloud.access.limits.actions import Allowance, Try, clear, count, give_back
from healthcloud.access.limits.model import Limit, address_block
from healthcloud.access.limits.store import forget_old as forget_old_tries

__all__ = [
    "Allowance",
    "Limit",
    "Try",
    "address_block",
    "clear",
    "count",
    "forget_old_tries",
    "give_back",
]
