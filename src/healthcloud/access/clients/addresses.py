"""From which network addresses a client's requests may come: CIDRs as administrators write them; pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from healthcloud.access.clients.errors import AddressesUnreadable
from healthcloud.core.errors import FieldFault

MOST_ADDRESSES = 50

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]


def read_addresses(texts: Iterable[str]) -> list[str]:
    """Return networks in one spelling, sorted, each once; an address is a network of one. Raise AddressesUnreadable."""
    given = [text.strip() for text in texts]
    try:
        networks = {str(ip_network(text)) for text in given}
    except ValueError:
        raise AddressesUnreadable(faults=(_FAULT,)) from None
    if len(networks) > MOST_ADDRESSES:
        raise AddressesUnreadable(f"at most {MOST_ADDRESSES}", faults=(_FAULT,))
    return sorted(networks)


_FAULT = FieldFault(
    "#/addresses", "must be addresses or networks such as 10.1.0.0/16", "应为 IP 地址或网段，如 10.1.0.0/16"
)


def networks_of(texts: Sequence[str]) -> Networks:
    """Return what `read_addresses` wrote, ready to be asked."""
    return tuple(ip_network(text) for text in texts)


def is_among(address: str | None, networks: Networks) -> bool:
    """Tell whether a request may come from here; an IPv4 address within IPv6 is the IPv4 one."""
    if not networks:
        return True
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)
