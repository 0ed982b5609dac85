"""The client's network address, which limits on sending and guessing count by."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import Scope


def peer_of(scope: Scope) -> str | None:
    """Return the address of whoever is at the other end of the connection, if known."""
    return scope["client"][0] if scope.get("client") else None


def client_address(peer: str | None, headers: Mapping[str, str], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the peer's address; behind trusted proxies the last one in X-Forwarded-For that is none of theirs."""
    peer = peer or "unknown"
    if not trusted:
        return peer
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while hops and _is_trusted(peer, trusted):
        peer = hops.pop()
    return peer if _parses(peer) else "unknown"


def _is_trusted(address: str, trusted: Sequence[IPv4Network | IPv6Network]) -> bool:
    return _parses(address) and any(ip_address(address) in network for network in trusted)


def _parses(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True


def is_loopback(address: str) -> bool:
    """Tell whether this is an address of this very machine."""
    return _parses(address) and ip_address(address).is_loopback
