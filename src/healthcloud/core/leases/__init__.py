"""Leases: what only one machine of many may do at a time, with a fence against one that was asleep."""

from healthcloud.core.leases.errors import LeaseLost
from healthcloud.core.leases.lease import LASTS, Lease

__all__ = ["LASTS", "Lease", "LeaseLost"]
