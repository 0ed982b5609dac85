"""What a reader hands in after it was off line, and what becomes of each item; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

from healthcloud.cards.late.errors import LateTimeWrong
from healthcloud.cards.model import CardStatus
from healthcloud.cards.uses.model import use_id
from healthcloud.cards.verification.model import Ask
from healthcloud.core.crypto import sm3
from healthcloud.core.errors import Problem
from healthcloud_reader import step_start

MOST_ITEMS = 500
Key: TypeAlias = tuple[bytes, int, int, UUID, str]
# How far a reader's clock may be ahead of the city's.
AHEAD = timedelta(minutes=5)


class Outcome(StrEnum):
    """What became of an item: a use now, one that was known already, or none."""

    KEPT = "kept"
    REPEAT = "repeat"
    REFUSED = "refused"


class Mark(StrEnum):
    """What an online scan would have refused; the service was given, so the use is kept and its owner told."""

    VOID = "void"  # card or phone had been stopped before
    ELSEWHERE = "elsewhere"  # another institution took the same code


@dataclass(frozen=True, slots=True)
class LateItem:
    """
    A use as a reader kept it: `id` its own, `code` the text that was scanned, `seen` what the reader decided.

    `terminal` and `scene` may be left out as at an online scan.
    """

    id: UUID
    terminal: str | None
    scene: str | None
    scanned_at: datetime
    code: str
    seen: str

    @property
    def evidence(self) -> bytes:
        """A digest of all the item says, to tell a repeat from an id given twice."""
        said = (self.terminal or "", self.scene or "", self.scanned_at.isoformat(), self.code, self.seen)
        return sm3("\0".join(said).encode())


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """What became of one item; `use` as the holder reads it, `problem` why there is none."""

    id: UUID
    outcome: Outcome
    use: str | None = None
    mark: Mark | None = None
    problem: Problem | None = None


class Claim(NamedTuple):
    """An item whose code is genuine and of the minute it was scanned in; `issued` its certificate's minute, if any."""

    item: LateItem
    ask: Ask
    issued: int | None

    @property
    def key(self) -> Key:
        """What a use is known by."""
        return self.ask.card_id, self.ask.step, self.ask.slot, self.ask.spot.terminal_id, self.ask.spot.scene

    @property
    def use(self) -> str:
        """The use's name, as an online scan would have given it."""
        card_id, step, slot, terminal_id, scene = self.key
        return use_id(card_id, step, slot, terminal_id, scene)

    @property
    def step_at(self) -> datetime:
        """The minute the code was made for."""
        return step_start(self.ask.step)


class Stood(NamedTuple):
    """
    How card and phone stood at the instant of the scan.

    `status` is None where the card has no history so old; `gone` the phone had been removed, `voided` its certificate
    was of before a correction, `ended` a temporary card's time was over.
    """

    person_id: UUID | None
    status: int | None
    gone: bool
    voided: bool
    ended: bool


def is_void(stood: Stood) -> bool:
    """Tell whether an online scan would have been refused for card or phone."""
    return stood.status not in (None, CardStatus.NORMAL) or stood.gone or stood.voided or stood.ended


def check_time(item: LateItem, now: datetime, most: timedelta) -> None:
    """Raise LateTimeWrong unless the item was scanned before now and not too long ago."""
    if not now - most <= item.scanned_at <= now + AHEAD:
        raise LateTimeWrong(days=most.days)


def once_each(claims: Sequence[Claim]) -> list[Claim]:
    """Return the first claim of each use, in the order of their keys."""
    first: dict[Key, Claim] = {}
    for claim in claims:
        first.setdefault(claim.key, claim)
    return [first[key] for key in sorted(first)]
