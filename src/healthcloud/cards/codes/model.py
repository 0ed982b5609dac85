"""The texts of a card; pure."""

from dataclasses import dataclass, field
from datetime import datetime

from healthcloud.cards.model import Card
from healthcloud_reader import (
    PLATFORM_SLOT,
    Derive,
    DynamicCode,
    StaticCode,
    make_token,
    period_of,
    slot_secrets,
    step_at,
    step_start,
)


@dataclass(frozen=True, slots=True)
class CodeShown:
    """
    The dynamic code of this minute, 101 characters.

    Ask again at `refresh_at`; scans take it until `valid_until`. `server_time` lets the page learn how far its own
    clock is off.
    """

    text: str = field(repr=False)
    refresh_at: datetime = field()
    valid_until: datetime = field()
    server_time: datetime = field()


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """The static code to print: it has no end of its own, and every scan needs a second fact beside it."""

    text: str = field(repr=False)
    kind: str = field()
    deadline: datetime | None = None


def code_shown(derive: Derive, card: Card, now: datetime, window_steps: int) -> CodeShown:
    """Make the platform's code for a card at this instant."""
    step = step_at(now)
    secret = slot_secrets(derive, card.id, PLATFORM_SLOT, card.epoch, period_of(step))[0]
    code = DynamicCode(card.id, make_token(secret, card.id, PLATFORM_SLOT, card.epoch, step))
    return CodeShown(code.text, step_start(step + 1), step_start(step + 1 + window_steps), now)


def printed_code(card: Card) -> PrintedCode:
    """Return the text to print for a card."""
    return PrintedCode(StaticCode(card.id).text, card.kind, card.deadline)
