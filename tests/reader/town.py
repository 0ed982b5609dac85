"""A city that signs lists, and a reader with hands on its clock, for tests of the offline reader."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reader.phones import CARD, NOW, CityKey, city_key

from healthcloud_reader import revocation_key, sign_list
from healthcloud_reader.jws import to_base64url
from healthcloud_reader.offline import Clock, Folder, Reader, SetUp

AT = NOW * 60 + 30
EMERGENCY = "0104"
HOUR, DAY = 3600, 86_400
POLICY = {"fresh_minutes": 1440, "stale_minutes": 4320, "beyond_scenes": [EMERGENCY], "window_steps": 1}


def told(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


def entry(void_before: int, *, slot: int = 0, card: bytes = CARD) -> list[object]:
    return [to_base64url(revocation_key(card)), slot, void_before]


@dataclass
class Town:
    """Signs with its keys, the current one first."""

    keys: list[CityKey] = field(default_factory=lambda: [city_key()])
    policy: dict[str, Any] = field(default_factory=lambda: dict(POLICY))

    def signed(self, kind: str, content: dict[str, Any], keys: list[CityKey] | None = None) -> dict[str, object]:
        signers = [(key.public, key.sign) for key in keys or self.keys]
        return sign_list(kind, json.dumps(content).encode(), signers).document()

    def trust(
        self,
        number: int = 1,
        *,
        issued_at: float = AT - HOUR,
        expires_at: float = AT + 30 * DAY,
        listed: list[CityKey] | None = None,
        by: list[CityKey] | None = None,
    ) -> dict[str, object]:
        content = {
            "number": number,
            "issued_at": told(issued_at),
            "expires_at": told(expires_at),
            "city": "370400",
            "keys": [
                {
                    "id": key.public.id,
                    "algorithm": key.public.algorithm.value,
                    "public": to_base64url(key.public.value),
                    "state": "current",
                    "from": told(AT - DAY),
                }
                for key in listed or self.keys
            ],
            "policy": self.policy,
        }
        return self.signed("EHC-TRUST-1", content, by)

    def snapshot(
        self, number: int, *entries: list[object], at: float = AT - 60, by: list[CityKey] | None = None
    ) -> dict[str, object]:
        content = {"number": number, "issued_at": told(at), "entries": list(entries)}
        return self.signed("EHC-REVOKE-1", content, by)

    def delta(
        self, number: int, *entries: list[object], at: float = AT - 30, after: int | None = None
    ) -> dict[str, object]:
        before = number - 1 if after is None else after
        content = {"number": number, "after": before, "issued_at": told(at), "entries": list(entries)}
        return self.signed("EHC-REVOKE-DELTA-1", content)


class Hands:
    """A clock in hand: seconds, and as many ticks."""

    def __init__(self, at: float = AT) -> None:
        self.wall = at
        self.ticks = 1000.0

    def clock(self, offset: float) -> Clock:
        return Clock(offset, wall=lambda: self.wall, ticks=lambda: self.ticks)

    def forward(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


def set_up(path: Path, key: CityKey, *, scene: str = "0101", client: str = "") -> None:
    folder = Folder(path)
    folder.keep_set_up(SetUp("http://city.invalid", key.public.id, "T1", scene, client))
    folder.close()


def opened(path: Path, hands: Hands) -> Reader:
    return Reader(path, clock=hands.clock)


def ready(path: Path, town: Town, hands: Hands, **more: Any) -> Reader:
    """A reader with fresh lists that void nothing."""
    set_up(path, town.keys[0], **more)
    reader = opened(path, hands)
    reader.take_trust(town.trust())
    reader.take_revocations(town.snapshot(1), [])
    return reader
