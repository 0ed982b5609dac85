"""What a registration says, checked and in one spelling; whether it agrees with a person already known. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.people.documents.model import Document
from healthcloud.people.model import Level, PersonKind, Sex
from healthcloud.people.names.model import is_provisional, name_of_child, same_name
from healthcloud.people.seen.model import Face

MOST_DOCUMENTS = 8
MOST_CHILDREN = 8
YOUNGEST_MOTHER, OLDEST_MOTHER = 10, 70  # years at the birth; outside them it is a typing error


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth by its mother, for a child without a number (无证件儿童): she, its day and its place make it one."""

    mother_id: UUID
    born_at: datetime
    order: int = 1
    of_several: bool = False

    @property
    def day(self) -> date:
        """The day of birth, in Shanghai."""
        return self.born_at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Registration:
    """
    A checked registration; `read_registration` is the way to one.

    The first document is the primary one. `name` is None only for a birth whose child has none yet. `local_number` is
    the patient number of the caller's institution.
    """

    name: str | None
    sex: Sex
    birth_date: date
    documents: tuple[Document, ...]
    birth: Birth | None = None
    phone: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    local_number: str | None = None

    @property
    def kind(self) -> PersonKind:
        """Return the personnelType."""
        is_child = self.birth is not None and not self.documents
        return PersonKind.CHILD_WITHOUT_DOCUMENT if is_child else PersonKind.ORDINARY

    def face(self) -> Face:
        """Return the face of a person registered so."""
        primary = self.documents[0] if self.documents else None
        return Face(
            name=self.name or "",
            sex=self.sex,
            birth_date=self.birth_date,
            document_kind=primary.kind if primary else "",
            document_number=primary.number if primary else "",
            document_issuer=primary.issuer if primary else None,
            phone=self.phone,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """
    How far whoever registers has verified who this is.

    `recheck` asks for a later check against the population registry, because it could not be reached now.
    """

    level: Level = Level.DECLARED
    method: str = "declared"
    evidence: str | None = None
    recheck: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """
    One registration to be made, with how it was verified.

    `from_records`: the person index makes it from what institutions have written. It may be without a document; a phone
    that too many use is left out, not refused; and PersonFromRecords is announced, since the index knows it already.
    """

    registration: Registration
    verification: Verification = Verification()
    from_records: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish and whose it is."""

    caller: Caller
    wish: Wish


@dataclass(frozen=True, slots=True)
class Registered:
    """Who somebody is here; `created` is False when they were known already."""

    person_id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class Mother:
    """What a birth needs of the mother; `member_ids` is everyone who resolves to the same person."""

    canonical_id: UUID
    member_ids: tuple[UUID, ...]
    face: Face


def completed(registration: Registration, mother: Mother) -> Registration:
    """Give a newborn without a name the one it goes by until it has its own."""
    birth = registration.birth
    if birth is None or registration.name is not None:
        return registration
    name = name_of_child(mother.face.name, registration.sex, birth.order, of_several=birth.of_several)
    return replace(registration, name=name)


def may_be_mother(mother: Face, birth: Birth) -> bool:
    """Tell whether this person can have given this birth, by sex and age."""
    years = birth.day.year - mother.birth_date.year
    return mother.sex != Sex.MALE and YOUNGEST_MOTHER <= years <= OLDEST_MOTHER


def birth_keys(birth: Birth, mother: Mother) -> tuple[str, ...]:
    """Return the texts whose fingerprints make a newborn one, for each person the mother is known as."""
    return tuple(birth_key(member, birth.day, birth.order) for member in sorted(mother.member_ids))


def birth_key(mother_id: UUID, day: date, order: int) -> str:
    """Return the text whose fingerprint only one newborn may have."""
    return f"birth|{mother_id}|{day}|{order}"


def agrees(face: Face, registration: Registration) -> bool:
    """
    Tell whether a registration can be of the person with this face.

    Names may be spelled differently, an unstated sex agrees with either, and a newborn's name made from its mother's
    agrees with any.
    """
    if face.birth_date != registration.birth_date:
        return False
    sexes = Sex(face.sex), registration.sex
    if all(sex.is_stated for sex in sexes) and sexes[0] is not sexes[1]:
        return False
    name = registration.name or ""
    of_newborn = registration.birth is not None and (is_provisional(face.name) or is_provisional(name))
    return of_newborn or same_name(face.name, name)
