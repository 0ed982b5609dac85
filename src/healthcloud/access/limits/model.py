"""What a limit is; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

_IPV6_SITE = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """
    At most `tries` of a kind within `window` for one subject.

    The window begins with the first try, and anew with the last one allowed: so the wait after it is a whole window.
    """

    kind: str
    tries: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Counted:
    """How many tries this window has seen, this one included, and when it began."""

    count: int
    since: datetime


def wait_seconds(limit: Limit, counted: Counted, now: datetime) -> int:
    """Return how long until the next try, in seconds: 0 when this one is allowed."""
    if counted.count <= limit.tries:
        return 0
    return max(1, round((counted.since + limit.window - now).total_seconds()))


def address_block(address: str) -> str:
    """Return what a network address is counted as: itself, or for IPv6 its /64, which one household has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> _IPV6_SITE << _IPV6_SITE))
    return str(parsed)
