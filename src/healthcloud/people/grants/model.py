"""Care grants: who may act for whom, in what, until when. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.people.documents.form import DocumentForm
from healthcloud.people.model import Level, PersonState, Policy
from healthcloud.people.seen.model import Face


class Relation(StrEnum):
    """What the keeper is to the person."""

    PARENT = "parent"
    CHILD = "child"
    SPOUSE = "spouse"
    GUARDIAN = "guardian"
    CARER = "carer"
    OTHER = "other"


class GrantScope(StrEnum):
    """What a keeper may do for a person."""

    IDENTITY = "identity"  # see the whole of their data, change the phone number
    CARD = "card"  # show and freeze the card
    BOOKINGS = "bookings"
    RECORDS = "records"
    PAYMENTS = "payments"
    CONSENTS = "consents"  # consent for them


class GrantState(StrEnum):
    """Where a grant stands; only an accepted one counts."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as stored; `until` is the first instant at which it no longer counts."""

    person_id: UUID
    id: UUID
    keeper_id: UUID
    relation: str
    scopes: list[str]
    state: str
    asked_at: datetime
    until: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    evidence: str | None

    def counts_at(self, now: datetime) -> bool:
        """Tell whether it lets the keeper act at this instant."""
        return self.state == GrantState.ACCEPTED and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody a resident acts for, or themself, whose relation is empty; `person_id` is canonical."""

    person_id: UUID
    relation: str
    face: Face
    state: PersonState
    level: Level


@dataclass(frozen=True, slots=True)
class GrantWish:
    """What a keeper asks: whose, by name and document, as what, in which matters, until which day (inclusive)."""

    name: str
    document: DocumentForm
    relation: str
    scopes: tuple[str, ...]
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The checked terms of a grant."""

    relation: Relation
    scopes: tuple[GrantScope, ...]
    until: datetime | None


def read_terms(relation: str, scopes: Collection[str], last_day: date | None, today: date) -> Terms:
    """Check the terms of a grant; raise Unacceptable."""
    faults = []
    if relation not in list(Relation):
        faults.append(FieldFault("#/relation", f"must be one of {', '.join(Relation)}", "关系代码不正确"))
    if not scopes or not set(scopes) <= set(GrantScope):
        faults.append(FieldFault("#/scopes", f"must be some of {', '.join(GrantScope)}", "代办范围代码不正确"))
    if last_day is not None and last_day < today:
        faults.append(FieldFault("#/last_day", "must not be in the past", "不得早于今天"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
    until = None if last_day is None else _midnight(last_day.fromordinal(last_day.toordinal() + 1))
    return Terms(Relation(relation), tuple(sorted({GrantScope(scope) for scope in scopes})), until)


def age_on(birth_date: date, day: date) -> int:
    """Return the full years lived (周岁) on a day; one is a year older on the day after the birthday's eve."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def needs_guardian(birth_date: date, today: date, policy: Policy) -> bool:
    """Tell whether a guardian decides for this person (PIPL article 31)."""
    return age_on(birth_date, today) < policy.guardian_below


def ends_at(birth_date: date, until: datetime | None, today: date, policy: Policy) -> datetime | None:
    """Return when a grant ends: as asked, and for a child on coming of age at the latest."""
    if age_on(birth_date, today) >= policy.adult_from:
        return until
    year = birth_date.year + policy.adult_from
    leap = (birth_date.month, birth_date.day) == (2, 29)  # born on 29 February: of age on 1 March where there is none
    of_age = _midnight(date(year, 3, 1) if leap and not _has_leap_day(year) else birth_date.replace(year=year))
    return of_age if until is None else min(until, of_age)


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
