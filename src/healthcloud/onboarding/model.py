"""What an institution applies with, a report as the city keeps it, and what is believed; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use, Vault
from healthcloud.core.errors import FieldFault
from healthcloud.core.settings import Settings
from healthcloud.onboarding.errors import TrustedKeysUnreadable
from healthcloud.onboarding.rules import Point, Tried
from healthcloud_reader.keys import KeyFault, PublicKey

READ = ("figures.read", "institutions.manage")
MANAGE = "institutions.manage"
APPLICATION = "onboarding.application"
PURPOSES = (Purpose(APPLICATION, Use.SEAL),)
LONGEST_TEXT = 60
MOST_SYSTEMS = 20
_END = "-----END PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class System:
    """A system of an institution that is to be connected: what it is (HIS, LIS, 自助机 …) and whose it is."""

    name: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Application:
    """接入申请: whom the city calls, systems and vendors to be connected, the points where cards will be used."""

    contact: str
    phone: str
    systems: tuple[System, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A conformance report in a list; `digest` is the SM3 of what was signed."""

    institution_id: UUID
    digest: bytes
    face: str
    key: str
    is_complete: bool
    is_passed: bool
    passed: list[str]
    failed: list[str]
    ended: datetime
    received_at: datetime

    @property
    def tried(self) -> Tried:
        """The report as evidence."""
        return Tried(
            self.face, self.is_complete, self.is_passed, frozenset(self.passed), frozenset(self.failed), self.ended
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys whose reports count, and how old traffic may be and still be called fresh."""

    keys: tuple[PublicKey, ...]
    fresh: timedelta

    @classmethod
    def of(cls, settings: Settings, vault: Vault, own: str) -> "Policy":
        """
        Return the policy of these settings.

        A sandbox believes its own key, the purpose `own`, too: what it signs is about itself. A city of real people
        believes the keys its settings name and no other.
        """
        trusted = [key for path in settings.conformance_key_files for key in read_keys(path)]
        if settings.sandbox:
            trusted += [one.public for one in vault.trust_list(own)]
        return cls(tuple(trusted), timedelta(days=settings.onboarding_fresh_days))

    def trusts(self, key_id: str) -> bool:
        """Tell whether reports of this key count."""
        return any(one.id == key_id for one in self.keys)


def read_keys(path: Path) -> list[PublicKey]:
    """Return the public keys of a file, PEM after PEM; raise TrustedKeysUnreadable."""
    try:
        parts = path.read_text("utf-8").split(_END)
        return [PublicKey.from_pem(part.strip() + "\n" + _END + "\n") for part in parts if part.strip()]
    except (OSError, ValueError, KeyFault) as fault:
        raise TrustedKeysUnreadable(file=path.name) from fault


def application_faults(one: Application) -> tuple[FieldFault, ...]:
    """Return what is wrong with an application."""
    texts = [("contact", one.contact), ("phone", one.phone)]
    for n, system in enumerate(one.systems):
        texts += [(f"systems/{n}/name", system.name), (f"systems/{n}/vendor", system.vendor)]
    faults = [
        FieldFault(f"#/{name}", f"must have 1 to {LONGEST_TEXT} characters", f"应为 1 至 {LONGEST_TEXT} 个字符")
        for name, text in texts
        if not 1 <= len(text) <= LONGEST_TEXT or text != text.strip() or not text.isprintable()
    ]
    if not 1 <= len(one.systems) <= MOST_SYSTEMS:
        faults.append(FieldFault("#/systems", f"must be 1 to {MOST_SYSTEMS}", f"应为 1 至 {MOST_SYSTEMS} 个"))
    if not one.points:
        faults.append(FieldFault("#/points", "must be chosen", "请至少选择一个"))
    return tuple(faults)
