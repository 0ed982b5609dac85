"""What an institution reports, what becomes of it, and which verified use it can be; pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.reported.errors import ReportTimeWrong
from healthcloud.cards.uses.model import use_id
from healthcloud.cards.verification import errors
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.crypto import sm3
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud_reader import (
    STEP_SECONDS,
    BareCardId,
    DeviceCode,
    DynamicCode,
    InsuranceVoucher,
    ResidentId,
    StaticCode,
    Unreadable,
    parse,
)

DELIVER = "exchange.deliver"
MOST_REPORTS = 500
OTHER_SCENE = "000000"  # 其他
# A hospital writes its time down when the service is done, the scan stood at its beginning.
WITHIN = timedelta(minutes=15)
# How far a hospital's clock may be ahead of the city's.
AHEAD = timedelta(minutes=5)
_LONGEST = {"request_id": 128, "card": 1024, "scene": 16, "terminal": 64, "department": 64, "channel": 16}
_LONGEST_COSTS = 64


class ReportOutcome(StrEnum):
    """What became of a report."""

    VERIFIED = "verified"  # it tells of a use the city saw
    UNVERIFIED = "unverified"  # no scan stands behind it
    REPEAT = "repeat"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Report:
    """
    A use as an institution tells it: `card` the code that was shown, or the card's number; `scene` as it says it.

    `request_id` is its own name for the report: sent again, it is the same report.
    """

    request_id: str
    card: str
    scene: str
    used_at: datetime
    terminal: str | None = None
    department: str | None = None
    channel: str | None = None
    cost_kinds: str | None = None

    @property
    def request_hash(self) -> bytes:
        """A digest of its name, which nobody keeps from being a person's number."""
        return sm3(self.request_id.encode())

    @property
    def evidence(self) -> bytes:
        """A digest of all it says, to tell a repeat from an id given twice."""
        told = (self.card, self.scene, self.used_at.isoformat(), self.terminal, self.department, self.channel)
        return sm3("\0".join(one or "" for one in (*told, self.cost_kinds)).encode())


@dataclass(frozen=True, slots=True)
class Reported:
    """
    What became of a report; `problem` why it was refused.

    `late_days` counts the nights in Shanghai between the use and its report: 0 is in time. `is_scene_known` is False
    where the step of treatment was put to 其他.
    """

    request_id: str
    outcome: ReportOutcome
    is_verified: bool = False
    late_days: int = 0
    is_scene_known: bool = True
    problem: Problem | None = None


class Told(NamedTuple):
    """A report that can be kept: of which card, and for which step of treatment in our words."""

    report: Report
    card_id: bytes
    scene: str


class Seen(NamedTuple):
    """The verified use a report tells of; all None where the city saw none."""

    card_id: bytes | None
    step_at: datetime | None
    slot: int | None
    terminal_id: UUID | None

    def use_id(self, scene: str) -> str | None:
        """Return the use's name, as its scan was answered."""
        if self.card_id is None or self.step_at is None or self.slot is None or self.terminal_id is None:
            return None
        return use_id(self.card_id, int(self.step_at.timestamp()) // STEP_SECONDS, self.slot, self.terminal_id, scene)


def checked(report: Report, now: datetime, most: timedelta) -> bytes:
    """Return the card a report is about; raise what is wrong with it."""
    _check_texts(report)
    if not now - most <= report.used_at <= now + AHEAD:
        raise ReportTimeWrong(days=most.days)
    return card_of_text(report.card)


def card_of_text(text: str) -> bytes:
    """Return the card id in a code, however old: a report proves nothing by it."""
    try:
        reading = parse(text)
    except Unreadable as error:
        reason = error.reason
        raise errors.CodeUnreadable(reason.en, reason=reason.value, reason_zh=reason.zh) from None
    match reading:
        case DeviceCode(signed):
            return signed.certificate.card_id
        case DynamicCode(card_id) | StaticCode(card_id) | BareCardId(card_id):
            return card_id
        case InsuranceVoucher():
            raise errors.InsuranceVoucherShown
        case ResidentId():
            raise errors.ResidentIdShown


def late_days(used_at: datetime, received_at: datetime) -> int:
    """Return how many days of Shanghai lie between a use and its report."""
    return max((received_at.astimezone(SHANGHAI).date() - used_at.astimezone(SHANGHAI).date()).days, 0)


def once_each(told: Sequence[Told]) -> list[Told]:
    """Return the first report of each use, in the order of their keys."""
    first: dict[tuple[bytes, datetime, str], Told] = {}
    for one in told:
        first.setdefault((one.card_id, one.report.used_at, one.scene), one)
    return [first[key] for key in sorted(first)]


def _check_texts(report: Report) -> None:
    limits = _LONGEST | {"cost_kinds": _LONGEST_COSTS}
    faults = [
        FieldFault(f"#/{name}", f"must be at most {most} printable characters", f"应为不超过 {most} 个可见字符")
        for name, most in limits.items()
        if not _is_plain(getattr(report, name) or "", most)
    ]
    if not report.request_id:
        faults.append(FieldFault("#/request_id", "is required", "必填"))
    if faults:
        raise Unacceptable(faults=tuple(faults))


def _is_plain(text: str, most: int) -> bool:
    return len(text) <= most and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
