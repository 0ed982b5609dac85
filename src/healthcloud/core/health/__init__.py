"""Health: whether this process is alive, whether it is ready to serve, and its measurements."""

from healthcloud.core.health.api import router
from healthcloud.core.health.checks import CHECKS, Check, run_checks
from healthcloud.core.health.errors import NotReady

__all__ = ["CHECKS", "Check", "NotReady", "router", "run_checks"]
