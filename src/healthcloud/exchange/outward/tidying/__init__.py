"""Tidying: what is over is forgotten, what never had an address dies, secrets follow their keys."""

from healthcloud.exchange.outward.tidying.jobs import RECURRING

__all__ = ["RECURRING"]
