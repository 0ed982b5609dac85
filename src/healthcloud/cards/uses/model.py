"""A use of a card, and the digest that seals a batch of them; pure."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from healthcloud.core.crypto import sm3
from healthcloud_reader import STEP_SECONDS

PRINTED_SLOT = 255
REPORTED = "reported"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
_FIXED = struct.Struct(">I32sqBqB")
_NAMED = struct.Struct(">qB")


Place: TypeAlias = tuple[datetime, UUID, int]
NEWEST: Place = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0), 0)


class Use(NamedTuple):
    """
    One line of `cards.uses`.

    `step_at` is the minute the code was made for, `slot` who made it (0 the platform, 255 a printed code), `used_at`
    and `batch_id` when and with which others it was written, `position` its place among them; `opened` that the
    identity was shown unmasked.
    """

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    institution_id: UUID
    person_id: UUID
    account_id: UUID
    opened: bool
    used_at: datetime
    batch_id: UUID
    position: int


class LateUse(NamedTuple):
    """
    A line of `cards.uses` that was made with no network and told of at `received_at`.

    `used_at` is when it was scanned; `mark` what an online scan would have refused it for, None for nothing. Each is a
    batch of its own.
    """

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    institution_id: UUID
    person_id: UUID
    account_id: UUID
    opened: bool
    used_at: datetime
    batch_id: UUID
    position: int
    received_at: datetime
    mark: str | None


@dataclass(frozen=True, slots=True)
class UseLine:
    """
    A use as its owner reads it: where, for which step of treatment, when, and whether the identity was shown.

    `received_at` is set where it was made with no network and told of then; `mark` says what was wrong with such a one,
    or that it is `reported`: an institution says so, and the city saw no scan.
    """

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    institution_id: UUID
    institution: str | None
    terminal: str | None
    opened: bool
    used_at: datetime
    batch_id: UUID
    position: int
    received_at: datetime | None
    mark: str | None

    @property
    def id(self) -> str:
        """The use's name, as the scan's answer gave it; of one that was only reported, its report's."""
        if self.mark == REPORTED:
            return self.batch_id.hex
        return use_id(self.card_id, seconds_of(self.step_at) // STEP_SECONDS, self.slot, self.terminal_id, self.scene)

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return self.used_at, self.batch_id, self.position


def digest_of(uses: Sequence[Use]) -> bytes:
    """Return the SM3 digest of a batch's lines, which are in the order of their positions: what its deed holds."""
    return sm3(
        b"".join(
            spelled(use.position, use.card_id, (seconds_of(use.step_at), use.slot), use.scene, micros_of(use.used_at))
            + parties((use.terminal_id, use.institution_id, use.person_id, use.account_id), opened=use.opened)
            for use in uses
        )
    )


def late_digest_of(use: LateUse) -> bytes:
    """Return the SM3 digest of a use told of late: its line, when it was told, and its mark."""
    made = seconds_of(use.step_at), use.slot
    line = spelled(use.position, use.card_id, made, use.scene, micros_of(use.used_at))
    line += parties((use.terminal_id, use.institution_id, use.person_id, use.account_id), opened=use.opened)
    return sm3(line + micros_of(use.received_at).to_bytes(8, "big") + (use.mark or "").encode())


def spelled(position: int, card_id: bytes, made: tuple[int, int], scene: str, used_micros: int) -> bytes:
    """Return the first part of a line as the digest takes it; `made` is the step's start in seconds, and the slot."""
    words = scene.encode()
    return _FIXED.pack(position, card_id, *made, used_micros, len(words)) + words


def parties(ids: tuple[UUID, UUID, UUID, UUID], *, opened: bool) -> bytes:
    """Return the second part of a line: terminal, institution, person, account, and whether the identity was shown."""
    terminal_id, institution_id, person_id, account_id = ids
    shown = b"\1" if opened else b"\0"
    return terminal_id.bytes + institution_id.bytes + person_id.bytes + account_id.bytes + shown


def seconds_of(instant: datetime) -> int:
    """Return whole Unix seconds."""
    return (instant - _EPOCH) // _SECOND


def micros_of(instant: datetime) -> int:
    """Return Unix microseconds, as PostgreSQL keeps time."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(micros: int) -> datetime:
    """Return the instant of Unix microseconds, in UTC."""
    return _EPOCH + micros * _MICROSECOND


def use_id(card_id: bytes, step: int, slot: int, terminal_id: UUID, scene: str) -> str:
    """Return 32 hexadecimal digits that name a use: the same for each repeat, telling nothing of the card."""
    return sm3(card_id + _NAMED.pack(step, slot) + terminal_id.bytes + scene.encode()).hex()[:32]
