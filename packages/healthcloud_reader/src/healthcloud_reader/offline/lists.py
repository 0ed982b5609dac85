"""
The lists a reader takes along: whom to trust, and what is void. Pure; times are Unix seconds.

    trust list     EHC-TRUST-1          signed by a key already trusted, its number never lower
    snapshot       EHC-REVOKE-1         the whole truth, replaces
    delta          EHC-REVOKE-DELTA-1   what changed since the number before it
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from healthcloud_reader.certificates import MAX_SLOT
from healthcloud_reader.jws import SignedList, from_base64url, read_json
from healthcloud_reader.keys import Algorithm, KeyUnreadable, PublicKey
from healthcloud_reader.offline.policy import Policy
from healthcloud_reader.reasons import Reason, Unreadable
from healthcloud_reader.revocations import ALL_VOID, EVERY_SLOT, KEY_LENGTH, is_void, revocation_key

TRUST = "EHC-TRUST-1"
SNAPSHOT = "EHC-REVOKE-1"
DELTA = "EHC-REVOKE-DELTA-1"

Entries = dict[tuple[bytes, int], int]


@dataclass(frozen=True, slots=True)
class TrustList:
    """The city's live keys by id, and the policy readers are asked to keep."""

    number: int
    issued_at: int
    expires_at: int
    city: str
    keys: Mapping[str, PublicKey]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Delta:
    """What became void, or is no longer, between two numbers."""

    number: int
    after: int
    issued_at: int
    entries: Entries


@dataclass(frozen=True, slots=True)
class Revocations:
    """All that is void as of a number: the minute before which certificates of a card's slot are."""

    number: int
    issued_at: int
    entries: Entries = field(default_factory=dict)

    def voids(self, card_id: bytes, slot: int, issued: int) -> bool:
        """Tell whether a certificate issued in this minute to this slot of this card is void."""
        key = revocation_key(card_id)
        return any(is_void(issued, self.entries.get((key, one), 0)) for one in (EVERY_SLOT, slot))

    def with_delta(self, delta: Delta) -> "Revocations":
        """Return these as the delta leaves them; an entry of 0 is void no more and is forgotten."""
        merged = self.entries | delta.entries
        return Revocations(delta.number, delta.issued_at, {key: void for key, void in merged.items() if void})


def read_trust(signed: SignedList) -> TrustList:
    """Read a trust list's content; raise Unreadable. Every key must have the id it is listed by."""
    match read_json(signed.payload):
        case {
            "number": int(number),
            "issued_at": str(issued_at),
            "expires_at": str(expires_at),
            "city": str(city),
            "keys": [*keys],
            "policy": {
                "fresh_minutes": int(fresh),
                "stale_minutes": int(stale),
                "beyond_scenes": [*scenes],
                "window_steps": int(window),
            },
        }:
            policy = Policy(fresh, stale, frozenset(map(str, scenes)), window)
            return TrustList(
                number, _seconds(issued_at), _seconds(expires_at), city, dict(map(_trusted_key, keys)), policy
            )
    raise Unreadable(Reason.LIST_FORM)


def read_snapshot(signed: SignedList) -> Revocations:
    """Read a snapshot's content; raise Unreadable."""
    match read_json(signed.payload):
        case {"number": int(number), "issued_at": str(issued_at), "entries": [*entries]}:
            kept = {key: void for key, void in map(_entry, entries) if void}
            return Revocations(number, _seconds(issued_at), kept)
    raise Unreadable(Reason.LIST_FORM)


def read_delta(signed: SignedList) -> Delta:
    """Read a delta's content; raise Unreadable."""
    match read_json(signed.payload):
        case {"number": int(number), "after": int(after), "issued_at": str(issued_at), "entries": [*entries]}:
            return Delta(number, after, _seconds(issued_at), dict(map(_entry, entries)))
    raise Unreadable(Reason.LIST_FORM)


def _trusted_key(value: object) -> tuple[str, PublicKey]:
    match value:
        case {"id": str(name), "algorithm": str(algorithm), "public": str(public)}:
            try:
                key = PublicKey(Algorithm(algorithm), from_base64url(public))
                key.verifier()
            except (ValueError, KeyUnreadable) as error:
                raise Unreadable(Reason.LIST_FORM) from error
            if key.id == name:
                return name, key
    raise Unreadable(Reason.LIST_FORM)


def _entry(value: object) -> tuple[tuple[bytes, int], int]:
    match value:
        case [str(name), int(slot), int(void)] if 0 <= slot <= MAX_SLOT and 0 <= void <= ALL_VOID:
            try:
                key = from_base64url(name)
            except ValueError as error:
                raise Unreadable(Reason.LIST_FORM) from error
            if len(key) == KEY_LENGTH:
                return (key, slot), void
    raise Unreadable(Reason.LIST_FORM)


def _seconds(text: str) -> int:
    """Read an ISO 8601 instant with its offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(Reason.LIST_FORM) from error
    if instant.tzinfo is None:
        raise Unreadable(Reason.LIST_FORM)
    return int(instant.timestamp())
