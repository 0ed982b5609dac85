"""Uses on their way to the province: same day only, at most 500 at once; pure."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from healthcloud.core.clock import SHANGHAI

MOST_ROWS = 500
EVERY = timedelta(minutes=10)
AT_THE_END = timedelta(minutes=1)
LAST_QUARTER = timedelta(minutes=15)
LATE_AFTER = timedelta(minutes=30)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=5)

LONGEST_CODE, LONGEST_MSG = 40, 120
# What the province says of who asks, not of what it was sent: no part of a batch would fare better.
OF_ACCOUNT = (
    *("摘要", "签名", "验签", "解密", "密钥", "报文无法解析", "时间戳", "没有这个方法", "应用编号", "未授权访问"),
    *("限额", "过于频繁", "app_id", "digest", "signature", "quota", "unauthorized"),
)
_NUMBERS = re.compile(r"[0-9A-Za-z]{8,}")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An institution's credential at the province, and when its next upload is due."""

    institution_id: UUID
    app_id: str
    secret_sealed: bytes = field(repr=False)
    failures: int


@dataclass(frozen=True, slots=True)
class Usage:
    """One use as it goes up."""

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that go up together."""

    institution_id: UUID
    id: UUID
    day: date
    attempts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How an institution's uses of one day stand.

    `late` have waited for over half an hour; `oldest_at` is the oldest that is neither up nor refused.
    """

    institution_id: UUID
    day: date
    uploaded: int
    waiting: int
    missed: int
    unknown: int
    refused: int
    late: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefusedUse:
    """One use the province will not take, and its words; `id` is also the `upload_no` under which it went up alone."""

    institution_id: UUID
    id: UUID
    day: date
    scene: str
    terminal_id: UUID
    used_at: datetime
    refused_at: datetime
    code: str
    msg: str


@dataclass(frozen=True, slots=True)
class Hold:
    """An institution the province refuses as a whole, since when, and its words; nothing of it goes up."""

    institution_id: UUID
    held_at: datetime
    error: str | None


def day_of(instant: datetime) -> date:
    """Return the day of the city in which an instant lies."""
    return instant.astimezone(SHANGHAI).date()


def is_of_account(msg: str) -> bool:
    """Tell whether a refusal is of who asks (signature, account, quota), by the province's words: its code is one."""
    return any(mark in msg.casefold() for mark in OF_ACCOUNT)


def without_numbers(msg: str) -> str:
    """Return the province's words as they may be kept: short, in one line, numbers of cards and persons left out."""
    return _NUMBERS.sub("…", " ".join(msg.split()))[:LONGEST_MSG]


def next_upload(now: datetime, failures: int, chance: float) -> datetime:
    """Return when an institution uploads next: in ten minutes, in one before midnight, sooner after a failure."""
    if failures:
        return now + min(FIRST_RETRY * 2.0 ** min(failures - 1, 10), LONGEST_RETRY) * chance
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), SHANGHAI)
    closing = midnight - LAST_QUARTER
    return now + AT_THE_END if now >= closing else min(now + EVERY, closing)
