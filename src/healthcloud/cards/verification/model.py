"""What a terminal asks, what the database saw, and what follows from it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.model import CardStatus, Why
from healthcloud.cards.uses.model import PRINTED_SLOT
from healthcloud.cards.verification.errors import (
    CardExpired,
    CardFrozen,
    CardNotActive,
    CardUnknown,
    CardWasCancelled,
    CodeExpired,
    CodeReplayed,
    HolderDeceased,
    HolderWithdrawn,
    KeyRevokedMeanwhile,
    PhoneGone,
    TerminalUnknown,
)
from healthcloud.core.errors import Problem
from healthcloud_reader import PLATFORM_SLOT


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """
    Who scans where and for what; compared by identity, so that the scans of one terminal share it in a statement.

    `key_id` is the client key that signed, None for a signed-in person; `full` lets faces be shown unmasked.
    """

    terminal_id: UUID
    scene: str
    institution_id: UUID
    account_id: UUID
    key_id: UUID | None
    full: bool


class Ask(NamedTuple):
    """
    One scan whose token is genuine: everything that could throw has been looked at.

    `step` is the token's own; `held` is a refusal known already, so that only the card's holder is looked up.
    """

    card_id: bytes
    step: int
    slot: int
    epoch: int
    spot: Spot
    held: Problem | None = None


# Twins by this key wait for the next batch; batches take their locks in its order.
key_of = itemgetter(0, 1, 2)


class Fault(IntEnum):
    """What the first statement found wrong beside the card itself; the gravest."""

    NONE = 0
    KEY = 1
    TERMINAL = 2
    SLOT = 3


class Looked(NamedTuple):
    """
    What the first statement saw of an ask.

    Everything of the card is None where there is none. `ours` tells whether the code belongs to the asking institution
    from now on, None where it was not tried. `written` stands in the first row only: the places of the new uses.
    """

    person_id: UUID | None
    alias_of: bytes | None
    status: int | None
    reason: str | None
    kind: str | None
    deadline: datetime | None
    fault: int
    ours: bool | None
    written: list[int] | None


def refusal_of(ask: Ask, looked: Looked, now: datetime) -> Problem | None:
    """Return why this scan is refused, the gravest reason first; None when the code was taken."""
    if looked.ours:
        return None
    return standing_refusal(ask, looked, now) or ask.held or CodeReplayed()


def standing_refusal(ask: Ask, looked: Looked, now: datetime) -> Problem | None:
    """Return what is wrong with key, terminal or card, whatever code was shown."""
    if looked.fault == Fault.KEY:
        return KeyRevokedMeanwhile()
    if looked.fault == Fault.TERMINAL:
        return TerminalUnknown()
    return CardUnknown() if looked.person_id is None else _of_card(ask, looked, now)


def _of_card(ask: Ask, looked: Looked, now: datetime) -> Problem | None:
    if looked.status != CardStatus.NORMAL:
        return of_status(looked.status, looked.reason)
    if looked.deadline is not None and looked.deadline <= now:
        return CardExpired()
    if looked.fault == Fault.SLOT and ask.slot != PRINTED_SLOT:
        return CodeExpired() if ask.slot == PLATFORM_SLOT else PhoneGone()
    return None


def of_status(status: int | None, reason: str | None) -> Problem:
    """Return what a card that is not normal is refused with."""
    if status == CardStatus.FROZEN:
        return CardFrozen()
    if status != CardStatus.CANCELLED:
        return CardNotActive()
    if reason == Why.DECEASED:
        return HolderDeceased()
    return HolderWithdrawn() if reason == Why.WITHDRAWN else CardWasCancelled()


def numbered(asks: Sequence[Ask]) -> dict[Spot, int]:
    """Return the spots of these asks with their numbers, from 1 in the order they first occur."""
    numbers: dict[Spot, int] = {}
    for ask in asks:
        numbers.setdefault(ask.spot, len(numbers) + 1)
    return numbers


def rounds(asks: Sequence[Ask]) -> list[list[int]]:
    """Part asks into rounds, each without twins and in the order of their keys; by their places in `asks`."""
    parts: list[dict[tuple[bytes, int, int], int]] = []
    seen: dict[tuple[bytes, int, int], int] = {}
    for place, ask in enumerate(asks):
        key = key_of(ask)
        turn = seen.get(key, 0)
        seen[key] = turn + 1
        if turn == len(parts):
            parts.append({})
        parts[turn][key] = place
    return [[part[key] for key in sorted(part)] for part in parts]
