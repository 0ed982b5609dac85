"""Cards: verify what was scanned (验码), open a card (建卡), tell of uses (补传、用卡上报)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from healthcloud_sdk.calls import Call, post, post_once

MOST_CODES = 500
MOST_LATE = 500
MOST_REPORTS = 500


@dataclass(frozen=True, slots=True)
class SecondFact:
    """What a printed code is taken with: the whole name, the last four characters of the document, or the face."""

    kind: Literal["name", "last-digits", "face"]
    value: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyWish:
    """One scan, as it is sent."""

    code: str
    scene: str | None = None
    terminal: str | None = None
    second_fact: SecondFact | None = None


@dataclass(frozen=True, slots=True)
class BatchWish:
    """Scans of one terminal and step, as they are sent."""

    codes: tuple[str, ...]
    scene: str | None = None
    terminal: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Who stands there; `masked` unless the client holds `cards.identity`, and then the birth date is its year."""

    id: str
    name: str
    sex: str
    birth_date: str
    document_kind: str
    document_number: str
    phone: str | None
    level: int
    masked: bool


@dataclass(frozen=True, slots=True)
class CardSeen:
    """The card: 64 HEX; `alias` is the id that was scanned, where it is an older one."""

    id: str
    kind: str
    alias: str | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class UseSeen:
    """The use (用卡): the same id for each repeat."""

    id: str
    repeat: bool
    code_at: datetime | None
    scene: str
    terminal_id: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A code that is good here and now; `local_number` is your own patient number, where one is linked."""

    STATUS: ClassVar[str] = "valid"
    person: PersonSeen
    card: CardSeen
    use: UseSeen
    local_number: str | None
    warnings: tuple[str, ...]
    server_time: datetime
    took_ms: float


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A code of a batch that was not taken; `problem_of` of its problem makes the exception it would have been."""

    STATUS: ClassVar[str] = "refused"
    problem: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BatchVerified:
    """What became of each code, in the order they were sent."""

    results: tuple[Verified | NotTaken, ...]


@dataclass(frozen=True, slots=True)
class ApplyWish:
    """Whose card; `mode` is how it was applied for: 1 online, 2 kiosk, 3 window (APP申请方式)."""

    person_id: UUID
    kind: Literal["standard", "temporary", "newborn"] = "standard"
    mode: int = 3
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card; `status` is 健康卡状态: 1 正常, 2 挂失, 3 注销, 4 制卡确认, 5 未发卡."""

    card_id: str
    person_id: UUID
    status: int
    reason: str | None
    kind: str
    deadline: datetime | None
    issued_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """The card, and what applying did: `issued`, `activated`, `restored`, `converted`, or `existing`."""

    outcome: str
    card: CardShown


@dataclass(frozen=True, slots=True)
class LateUse:
    """A use of a terminal that had no network: an id of your own, when, what the scanner read, what you decided."""

    id: UUID
    scanned_at: datetime
    code: str
    seen: str
    terminal: str | None = None
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class LateWishes:
    """Late uses, as they are sent."""

    items: tuple[LateUse, ...]


@dataclass(frozen=True, slots=True)
class LateResult:
    """What became of one: `kept`, `repeat` or `refused`; `mark` is `void` or `elsewhere`."""

    id: UUID
    outcome: str
    use: str | None
    mark: str | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class LateResults:
    """What became of each, in the order they were sent."""

    results: tuple[LateResult, ...]


@dataclass(frozen=True, slots=True)
class UseReport:
    """A use your system tells of afterwards: a `request_id` of your own, the code or card id, the step, and when."""

    request_id: str
    card: str
    scene: str
    used_at: datetime
    terminal: str | None = None
    department: str | None = None
    channel: str | None = None
    cost_kinds: str | None = None


@dataclass(frozen=True, slots=True)
class UseReports:
    """Reports, as they are sent."""

    reports: tuple[UseReport, ...]


@dataclass(frozen=True, slots=True)
class ReportResult:
    """
    What became of a report: `verified`, `unverified`, `repeat` or `refused`.

    `late_days`: nights in Shanghai between use and report. `is_scene_known` is false where the step became 其他.
    """

    request_id: str
    outcome: str
    is_verified: bool
    late_days: int
    is_scene_known: bool
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReportResults:
    """What became of each, in the order they were sent."""

    results: tuple[ReportResult, ...]


def verify(
    code: str, *, terminal: str | None = None, scene: str | None = None, second_fact: SecondFact | None = None
) -> Call[Verified]:
    """
    Verify a scanned code 验码 at a terminal (id, name or 终端号) for a step of treatment (medStepCode).

    The same code at the same terminal and step is the same use, marked `repeat`: a lost answer may be asked for again.
    """
    return post(Verified, "/cards/verify", VerifyWish(code, scene, terminal, second_fact))


def verify_batch(codes: Iterable[str], *, terminal: str | None = None, scene: str | None = None) -> Call[BatchVerified]:
    """Verify up to 500 dynamic or phone-signed codes of one terminal and step 批量验码."""
    return post(BatchVerified, "/cards/verify-batch", BatchWish(tuple(codes), scene, terminal))


def open_card(wish: ApplyWish, *, key: str | None = None) -> Call[Applied]:
    """Open a person's card 建卡: a new one, the one there is, one made ahead, or a cancelled one restored."""
    return post_once(Applied, "/cards", wish, key)


def tell_late_uses(uses: Iterable[LateUse]) -> Call[LateResults]:
    """Tell up to 500 uses made with no network 离线用卡补传; each is kept once, at most thirty days after the scan."""
    return post(LateResults, "/cards/uses/late", LateWishes(tuple(uses)))


def report_uses(reports: Iterable[UseReport]) -> Call[ReportResults]:
    """
    Report up to 500 uses after the fact 用卡上报; the same `request_id` with the same words is the same report.

    A scan is a use already and needs no report: what no scan stands behind is kept as your claim,
    and its holder is told.
    """
    return post(ReportResults, "/cards/uses/reported", UseReports(tuple(reports)))
