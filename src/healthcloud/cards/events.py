"""What cards announce: opaque ids only; card ids stay inside, since a printed code is little more than its id."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from healthcloud.core.events import Event


@dataclass(frozen=True, slots=True)
class CardIssued(Event):
    """A person has a card that can be used: a new one, or one prepared earlier and now activated."""

    kind: ClassVar[str] = "cards.issued"
    person_id: UUID
    card_kind: str


@dataclass(frozen=True, slots=True)
class CardFrozen(Event):
    """A card was reported lost or stopped for a risk."""

    kind: ClassVar[str] = "cards.frozen"
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CardUnfrozen(Event):
    """A frozen card can be used again."""

    kind: ClassVar[str] = "cards.unfrozen"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CardCancelled(Event):
    """A card was cancelled; `reason` is one of `model.Why`."""

    kind: ClassVar[str] = "cards.cancelled"
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CardRestored(Event):
    """A cancelled card is in use again, with the same id."""

    kind: ClassVar[str] = "cards.restored"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CardConverted(Event):
    """A temporary or newborn card became a standard one, with the same id."""

    kind: ClassVar[str] = "cards.converted"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PhoneEnrolled(Event):
    """A phone can now make this person's codes; every other phone of theirs is told."""

    kind: ClassVar[str] = "cards.phone-enrolled"
    person_id: UUID
    phone_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class PhoneRemoved(Event):
    """A phone can no longer make this person's codes."""

    kind: ClassVar[str] = "cards.phone-removed"
    person_id: UUID
    phone_id: UUID


@dataclass(frozen=True, slots=True)
class UseMarked(Event):
    """A card was used with no network where it should not have been; `mark` is `void` or `elsewhere`."""

    kind: ClassVar[str] = "cards.use-marked"
    person_id: UUID
    institution_id: UUID
    mark: str
