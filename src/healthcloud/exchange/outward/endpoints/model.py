"""What an address of an institution's system is, and which may be one; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from healthcloud.core.errors import FieldFault
from healthcloud.core.settings import Settings
from healthcloud.core.settings.production import is_simulator
from healthcloud.exchange.outward.model import DEFAULT_IN_FLIGHT, DEFAULT_TIMEOUT, MOST_IN_FLIGHT, declared_kinds

LONGEST_URL = 500
LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS = 100, 30_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an institution's system takes what we send; at most `in_flight` requests at once, each `timeout_ms`."""

    institution_id: UUID
    url: str
    kinds: list[str]
    is_open: bool
    in_flight: int
    timeout_ms: int
    key_id: UUID
    secret_sealed: bytes = field(repr=False)
    next_key_id: UUID | None
    created_at: datetime
    changed_at: datetime

    @property
    def target(self) -> str:
        """Path and query as sent, which the signature covers."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True, slots=True)
class EndpointWish:
    """An address as somebody enters it; while it is not open everything for it waits."""

    url: str
    kinds: tuple[str, ...] = ()
    is_open: bool = True
    in_flight: int = DEFAULT_IN_FLIGHT
    timeout_ms: int = int(DEFAULT_TIMEOUT.total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an installation asks of addresses: in production https, and nobody's simulator."""

    production: bool = False
    simulators: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read them from the settings."""
        return cls(settings.production, tuple(settings.simulators))


def wish_faults(wish: EndpointWish, terms: Terms) -> tuple[FieldFault, ...]:
    """Return what is wrong with an address."""
    faults = _url_faults(wish.url, terms)
    if unknown := sorted(set(wish.kinds) - declared_kinds().keys()):
        faults.append(FieldFault("#/kinds", f"has no kind {unknown[0][:60]!r}", "含有未知的消息种类"))
    if not 1 <= wish.in_flight <= MOST_IN_FLIGHT:
        faults.append(FieldFault("#/in_flight", f"must be 1 to {MOST_IN_FLIGHT}", f"应为 1 至 {MOST_IN_FLIGHT}"))
    if not LEAST_TIMEOUT_MS <= wish.timeout_ms <= MOST_TIMEOUT_MS:
        said = f"{LEAST_TIMEOUT_MS} to {MOST_TIMEOUT_MS}", f"{LEAST_TIMEOUT_MS} 至 {MOST_TIMEOUT_MS}"
        faults.append(FieldFault("#/timeout_ms", f"must be {said[0]} ms", f"应为 {said[1]} 毫秒"))
    return tuple(faults)


def _url_faults(url: str, terms: Terms) -> list[FieldFault]:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or len(url) > LONGEST_URL or not url.isascii() or any(one.isspace() for one in url):
        return [FieldFault("#/url", "is no http address", "不是可用的 http 地址")]
    if parts.username or parts.password or parts.fragment:
        return [FieldFault("#/url", "must hold no user, password or #", "不得含用户名、密码或 #")]
    if terms.production and parts.scheme != "https":
        return [FieldFault("#/url", "must be https in production", "生产环境必须使用 https")]
    if terms.production and is_simulator(url, list(terms.simulators)):
        return [FieldFault("#/url", "is a simulator's, refused in production", "是模拟器地址，生产环境不接受")]
    return []


def secret_row(institution_id: UUID, key_id: UUID) -> bytes:
    """Return what a sealed secret is bound to."""
    return institution_id.bytes + key_id.bytes
