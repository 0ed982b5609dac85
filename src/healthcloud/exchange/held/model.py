"""A message that was carried out, and one that is kept; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use

BODY = "exchange.held"
DIGEST = "exchange.carried-out"
PURPOSES = (Purpose(BODY, Use.SEAL), Purpose(DIGEST, Use.FINGERPRINT))
READ, OPEN = "jobs.manage", "people.open"
KEPT_FOR = timedelta(days=30)  # how long a message sent again is known as the same
MOST_TAKEN = 500


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A message by which its sender knows it and what it says; `body` is what must be the same to be the same."""

    institution_id: UUID
    control_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class HeldIn:
    """
    A message to be kept.

    `kind` is the face's own word (`SIU^S12`), `body` the message in UTF-8, `patient_number` and `person_id` whom it is
    about as far as that was found, `told_at` when its sender wrote it.
    """

    institution_id: UUID
    face: str
    kind: str
    control_id: str
    body: bytes
    patient_number: str | None = None
    person_id: UUID | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A kept message as an operator sees it in a list: nothing of what it says."""

    id: UUID
    institution_id: UUID
    face: str
    kind: str
    control_id: str
    has_person: bool
    told_at: datetime | None
    received_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A kept message, opened for the feature that takes it over."""

    id: UUID
    institution_id: UUID
    face: str
    kind: str
    control_id: str
    body: bytes
    patient_number: str | None
    person_id: UUID | None
    told_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HeldCount:
    """How many of a kind wait, and since when."""

    kind: str
    waiting: int
    since: datetime
