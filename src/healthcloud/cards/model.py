"""What a card is, and which change may follow which; pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from healthcloud.cards.errors import ChangeImpossible, DeadlineWrong, NotNewborn, RealNameNeeded
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.crypto import Purpose, Use

CODE_MASTER = "cards.code-master"
CITY_SIGNATURE = "cards.city-signature"
STOCK = "cards.stock"
PURPOSES = (Purpose(CODE_MASTER, Use.DERIVE), Purpose(CITY_SIGNATURE, Use.SIGN), Purpose(STOCK, Use.SEAL))

HIGHEST_EPOCH = 65535
REAL_NAME_LEVEL = 1
TEMPORARY_DAYS = 90
NEWBORN_FOR = timedelta(days=366)


class CardStatus(IntEnum):
    """健康卡状态."""

    NORMAL = 1  # 正常
    FROZEN = 2  # 挂失
    CANCELLED = 3  # 注销
    PREPARED = 4  # 制卡确认: made ahead, waiting for its holder to activate it
    UNISSUED = 5  # 未发卡


class CardKind(StrEnum):
    """Whom a card is for, and how long."""

    STANDARD = "standard"
    TEMPORARY = "temporary"  # ends at its deadline
    NEWBORN = "newborn"  # for a child without documents yet


class Mode(IntEnum):
    """APP申请方式."""

    ONLINE = 1
    KIOSK = 2
    COUNTER = 3
    PREGENERATED = 4
    OTHER = 5


class Change(StrEnum):
    """What can happen to a card; the history keeps these words."""

    ISSUE = "issue"  # 申请
    PREPARE = "prepare"  # 批量预生成
    ACTIVATE = "activate"  # 领码
    FREEZE = "freeze"  # 挂失
    UNFREEZE = "unfreeze"  # 解除挂失
    CANCEL = "cancel"  # 注销
    RESTORE = "restore"  # 注销恢复
    TAKE_BACK = "take-back"  # 错发收回
    CONVERT = "convert"  # 转正
    ALIAS = "alias"  # 卡号变更


class Why(StrEnum):
    """Why a card is frozen or cancelled."""

    LOST = "lost"
    RISK = "risk"
    WISH = "wish"
    DECEASED = "holder-deceased"
    WITHDRAWN = "holder-withdrawn"
    TAKEN_BACK = "taken-back"


_NORMAL, _FROZEN, _CANCELLED = CardStatus.NORMAL, CardStatus.FROZEN, CardStatus.CANCELLED
_PREPARED, _UNISSUED = CardStatus.PREPARED, CardStatus.UNISSUED
TRANSITIONS: dict[Change, dict[CardStatus, CardStatus]] = {
    Change.ISSUE: {_UNISSUED: _NORMAL},
    Change.PREPARE: {_UNISSUED: _PREPARED},
    Change.ACTIVATE: {_PREPARED: _NORMAL},
    Change.FREEZE: {_NORMAL: _FROZEN},
    Change.UNFREEZE: {_FROZEN: _NORMAL},
    Change.CANCEL: {_NORMAL: _CANCELLED, _FROZEN: _CANCELLED, _PREPARED: _CANCELLED, _UNISSUED: _CANCELLED},
    Change.RESTORE: {_CANCELLED: _NORMAL},
    Change.TAKE_BACK: dict.fromkeys(CardStatus, _CANCELLED),
    Change.CONVERT: {_NORMAL: _NORMAL, _FROZEN: _FROZEN},
}


@dataclass(frozen=True, slots=True)
class Card:
    """A card; `epoch` is slot 0's, `reason` why it is frozen or cancelled, `alias_of` the card an alias stands for."""

    id: bytes
    person_id: UUID
    alias_of: bytes | None
    status: int
    reason: str | None
    kind: str
    epoch: int
    deadline: datetime | None
    mode: int
    version: int
    created_at: datetime
    changed_at: datetime

    @property
    def number(self) -> str:
        """The card id as others know it (电子健康卡ID): 64 upper-case hexadecimal digits."""
        return self.id.hex().upper()

    def has_ended(self, at: datetime) -> bool:
        """Tell whether a temporary card's deadline has passed."""
        return self.deadline is not None and self.deadline <= at


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a card: when, what, from which status to which, why, and whose account did it."""

    at: datetime
    change: str
    before: int | None
    after: int
    reason: str | None
    account_id: UUID
    institution_id: UUID | None


def status_after(change: Change, status: int) -> CardStatus:
    """Return the status a change leads to; raise ChangeImpossible where it may not happen now."""
    after = TRANSITIONS[change].get(CardStatus(status))
    if after is None:
        raise ChangeImpossible(change=change.value, status=status)
    return after


def change_on_applying(status: int) -> Change | None:
    """Return what applying does to a card already there: nothing to a normal or frozen one."""
    return {
        CardStatus.UNISSUED: Change.ISSUE,
        CardStatus.PREPARED: Change.ACTIVATE,
        CardStatus.CANCELLED: Change.RESTORE,
    }.get(CardStatus(status))


def raises_epoch(change: Change) -> bool:
    """Tell whether codes made before this change must never be good again."""
    return change in (Change.FREEZE, Change.CANCEL, Change.TAKE_BACK)


def check_application(kind: CardKind, level: int, born_on: date, now: datetime) -> None:
    """Raise the problem that forbids this card: a standard one needs a real name, a newborn's a newborn."""
    if kind is CardKind.STANDARD and level < REAL_NAME_LEVEL:
        raise RealNameNeeded(level=int(level))
    if kind is CardKind.NEWBORN and not timedelta() <= now.astimezone(SHANGHAI).date() - born_on <= NEWBORN_FOR:
        raise NotNewborn


def check_deadline(kind: CardKind, deadline: datetime | None, now: datetime, most_days: int) -> None:
    """Raise DeadlineWrong unless a temporary card, and only that, ends within `most_days`."""
    if (kind is CardKind.TEMPORARY) != (deadline is not None):
        raise DeadlineWrong(most_days=most_days)
    if deadline is not None and not now < deadline <= now + timedelta(days=most_days):
        raise DeadlineWrong(most_days=most_days)
