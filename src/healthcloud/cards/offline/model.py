"""What a reader without network is told: which certificates are void, which keys to trust, and for how long; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from healthcloud.core.crypto import TrustedKey, sm3
from healthcloud.core.settings import Settings
from healthcloud_reader import revocation_key
from healthcloud_reader.jws import to_base64url
from healthcloud_reader.revocations import ALL_VOID

# A certificate lives a week; what voids one need not be told longer. The hour is for clocks that differ.
KEPT_FOR = timedelta(days=7, hours=1)
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Voided(NamedTuple):
    """What is void of a card's phone, or, slot 0, of all its phones; `void_before` in minutes since 1970."""

    card_id: bytes
    slot: int
    stopped: bool
    void_before: int

    @property
    def entry(self) -> tuple[str, int, int]:
        """The line of a list: the card's short key, the slot, and before which minute of issue all is void."""
        return to_base64url(revocation_key(self.card_id)), self.slot, ALL_VOID if self.stopped else self.void_before


class Published(NamedTuple):
    """A signed list as it was published."""

    number: int
    issued_at: datetime
    entries: int
    body: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How the city's readers are to treat lists that are no longer fresh, and how long a trust list holds."""

    city: str
    fresh_minutes: int
    stale_minutes: int
    beyond_scenes: tuple[str, ...]
    window_steps: int
    trust_days: int

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """Take it from the settings."""
        return cls(
            settings.city_code,
            settings.offline_fresh_minutes,
            settings.offline_stale_minutes,
            tuple(settings.offline_beyond_scenes),
            settings.code_window_steps,
            settings.offline_trust_days,
        )


def minute_of(instant: datetime) -> int:
    """Return whole minutes since 1970."""
    return (instant - _EPOCH) // _MINUTE


def from_minute(minute: int) -> datetime:
    """Return the instant a minute since 1970 begins, in UTC."""
    return _EPOCH + minute * _MINUTE


def delta_payload(number: int, issued_at: datetime, entries: Sequence[Voided]) -> bytes:
    """Write what a delta says: what changed since the one before."""
    lines = [one.entry for one in entries]
    return _written({"number": number, "after": number - 1, "issued_at": _told(issued_at), "entries": lines})


def snapshot_payload(number: int, issued_at: datetime, entries: Sequence[Voided]) -> bytes:
    """Write what a snapshot says: all that is void as of the delta of this number."""
    return _written({"number": number, "issued_at": _told(issued_at), "entries": [one.entry for one in entries]})


def trust_content(keys: Sequence[TrustedKey], policy: Policy) -> bytes:
    """Return a digest of what a trust list says beside its number and times."""
    return sm3(_written(_stated(keys, policy)))


def trust_payload(number: int, issued_at: datetime, keys: Sequence[TrustedKey], policy: Policy) -> bytes:
    """Write what a trust list says: whom to believe, until when, and how to treat what is old."""
    until = issued_at + timedelta(days=policy.trust_days)
    return _written(
        {"number": number, "issued_at": _told(issued_at), "expires_at": _told(until), **_stated(keys, policy)}
    )


def _stated(keys: Sequence[TrustedKey], policy: Policy) -> dict[str, object]:
    return {
        "city": policy.city,
        "keys": [
            {
                "id": key.public.id,
                "algorithm": key.public.algorithm.value,
                "public": to_base64url(key.public.value),
                "state": key.state.value,
                "from": _told(key.created),
            }
            for key in keys
        ],
        "policy": {
            "fresh_minutes": policy.fresh_minutes,
            "stale_minutes": policy.stale_minutes,
            "beyond_scenes": list(policy.beyond_scenes),
            "window_steps": policy.window_steps,
        },
    }


def _told(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _written(said: dict[str, object]) -> bytes:
    return msgspec.json.encode(said)
