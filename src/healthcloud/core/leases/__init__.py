"""Leases: what only one machine of many may do at a time, with a fence against one that was asleep."""

from healthcloud.core.leases.errors import LeaseLost
from healthcloud.core.leases.lease import Lease

__all__ = ["Lease", "LeaseLost"]
