"""A consent (PIPL articles 14, 15, 29–31), and what a purpose may be called. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.errors import FieldFault, Unacceptable

LONGEST_TERM = timedelta(days=5 * 366)
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*", re.ASCII)
_LONGEST_NAME = 64
CHANNELS = ("app", "wechat", "counter", "institution", "paper")


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as stored; `given_by` is the person, a guardian, or the clerk's account that holds the paper."""

    person_id: UUID
    id: UUID
    purpose: str
    text_version: str
    channel: str
    given_at: datetime
    until: datetime
    given_by: UUID
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What is agreed to: a purpose by its name, the version of the text shown, for how long, through which channel."""

    purpose: str
    text_version: str
    days: int
    channel: str


def check_wish(wish: ConsentWish) -> None:
    """Raise Unacceptable with every fault of a wish."""
    faults = []
    if len(wish.purpose) > _LONGEST_NAME or not _NAME.fullmatch(wish.purpose):
        faults.append(FieldFault("#/purpose", "must be a purpose's name, as research.diabetes", "目的代码不正确"))
    if not 1 <= len(wish.text_version) <= _LONGEST_NAME or not wish.text_version.isprintable():
        faults.append(FieldFault("#/text_version", "must name the version of the text", "须注明文本版本"))
    if not 1 <= wish.days <= LONGEST_TERM.days:
        faults.append(FieldFault("#/days", f"must be 1–{LONGEST_TERM.days}", f"应为 1–{LONGEST_TERM.days}"))
    if wish.channel not in CHANNELS:
        faults.append(FieldFault("#/channel", f"must be one of {', '.join(CHANNELS)}", "渠道代码不正确"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
