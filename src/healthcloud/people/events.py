"""What people announce: opaque ids and dates; whoever reacts asks the front door for the rest."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from healthcloud.core.events import Event


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    """Somebody not known before is registered."""

    kind: ClassVar[str] = "people.person-registered"
    person_id: UUID
    institution_id: UUID | None
    level: int


@dataclass(frozen=True, slots=True)
class PersonFromRecords(Event):
    """Somebody not known before is registered by the person index, from what institutions have written."""

    kind: ClassVar[str] = "people.person-from-records"
    person_id: UUID
    institution_id: UUID | None
    level: int


@dataclass(frozen=True, slots=True)
class PersonVerified(Event):
    """A person's identity is better verified than before."""

    kind: ClassVar[str] = "people.person-verified"
    person_id: UUID
    level: int


@dataclass(frozen=True, slots=True)
class PersonDoubted(Event):
    """A later check against the population registry did not fit; `outcome` is mismatch, unknown or deceased."""

    kind: ClassVar[str] = "people.person-doubted"
    person_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class PersonCorrected(Event):
    """Name, number, sex, birth date or contact changed; `fields` says which, comma separated."""

    kind: ClassVar[str] = "people.person-corrected"
    person_id: UUID
    fields: str
    version: int


@dataclass(frozen=True, slots=True)
class PersonDied(Event):
    """A person's death is recorded."""

    kind: ClassVar[str] = "people.person-died"
    person_id: UUID
    died_on: date


@dataclass(frozen=True, slots=True)
class DeathUndone(Event):
    """A death was recorded in error; the person lives."""

    kind: ClassVar[str] = "people.death-undone"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonWithdrawn(Event):
    """A registration was made in error and stands for nobody any more."""

    kind: ClassVar[str] = "people.person-withdrawn"
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonsMerged(Event):
    """`person_id` now resolves to `canonical_id`."""

    kind: ClassVar[str] = "people.persons-merged"
    person_id: UUID
    canonical_id: UUID


@dataclass(frozen=True, slots=True)
class PersonsUnmerged(Event):
    """`person_id` no longer resolves to `canonical_id`."""

    kind: ClassVar[str] = "people.persons-unmerged"
    person_id: UUID
    canonical_id: UUID


@dataclass(frozen=True, slots=True)
class NumberMoved(Event):
    """An institution's patient number is another person's now, or nobody's; its history of `person_id` says which."""

    kind: ClassVar[str] = "people.number-moved"
    person_id: UUID
    line_id: UUID


@dataclass(frozen=True, slots=True)
class AccountAttached(Event):
    """A resident's account belongs to this person from now on."""

    kind: ClassVar[str] = "people.account-attached"
    person_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class AccountDetached(Event):
    """A resident's account no longer belongs to this person; what it was given for them must end."""

    kind: ClassVar[str] = "people.account-detached"
    person_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class GrantAsked(Event):
    """Somebody asks to act for a person."""

    kind: ClassVar[str] = "people.grant-asked"
    person_id: UUID
    keeper_id: UUID
    grant_id: UUID


@dataclass(frozen=True, slots=True)
class GrantAccepted(Event):
    """Somebody may act for a person from now on."""

    kind: ClassVar[str] = "people.grant-accepted"
    person_id: UUID
    keeper_id: UUID
    grant_id: UUID


@dataclass(frozen=True, slots=True)
class GrantEnded(Event):
    """Somebody may not, or no longer, act for a person; `how` is refused, withdrawn or ended."""

    kind: ClassVar[str] = "people.grant-ended"
    person_id: UUID
    keeper_id: UUID
    grant_id: UUID
    how: str
