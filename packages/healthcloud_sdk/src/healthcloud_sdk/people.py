"""People: register (居民注册), find, and link the patient numbers of your institution (患者号)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud_sdk.calls import PREFIX, Call, get, nothing, post, post_once, put
from healthcloud_sdk.shapes import to_json


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document: kind of CV02.01.101 (01 ID card, 03 passport …), number as written, issuer as alpha-3."""

    kind: str
    number: str
    issuer: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth by its mother, who is registered first; of several children each has its place (1–8)."""

    mother_id: UUID
    born_at: datetime
    order: int = 1
    of_several: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """
    Somebody to be registered. Sex and birth date may be left out where an identity number says them.

    `document_seen`: a clerk had the document in hand. `local_number`: the patient number of your institution.
    """

    name: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    documents: tuple[Document, ...] = ()
    birth: Birth | None = None
    phone: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    local_number: str | None = None
    document_seen: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Who this is in the city; `created` is false for somebody known already."""

    person_id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, masked."""

    person_id: UUID
    name: str
    sex: str
    birth_year: int
    document_kind: str
    document_number: str
    phone: str | None
    state: str
    level: int
    local_number: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person unmasked."""

    person_id: UUID
    name: str
    sex: str
    birth_date: date
    document_kind: str
    document_number: str
    document_issuer: str | None
    phone: str | None
    ethnicity: str | None
    nationality: str | None
    state: str
    level: int
    local_number: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose something is."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A patient number linked or unlinked."""

    number: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Number:
    """A patient number, as it is sent."""

    number: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number, as it is sent."""

    phone: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Why data is opened, as the person will read it."""

    reason: str | None = None


def register(registration: Registration, *, key: str | None = None) -> Call[Registered]:
    """Register somebody 居民注册, or learn who they are already: the same document is the same person."""
    return post_once(Registered, "/people", registration, key)


def find(document: Document) -> Call[Found]:
    """Find somebody by a document 按证件查找; they can read that you did."""
    return post(Found, "/people/lookup", document)


def find_by_phone(phone: str) -> Call[tuple[Found, ...]]:
    """Find who uses a phone number 按手机号查找; each of them can read that you did."""
    return post(tuple[Found, ...], "/people/lookup/phone", Phone(phone))


def open_person(person_id: UUID, reason: str) -> Call[Person]:
    """Open a person's data unmasked 查看完整信息, with a reason they can read."""
    return post(Person, f"/people/{person_id}/opening", Opening(reason))


def link_number(person_id: UUID, number: str) -> Call[None]:
    """Link a patient number of yours to a person 关联患者号; twice is once."""
    return put(f"/people/{person_id}/local-numbers", Number(number))


def unlink_number(person_id: UUID, number: str) -> Call[None]:
    """Take a patient number of yours off a person 解除关联; sent again it is NotFound, and it is off."""
    return Call("POST", f"{PREFIX}/people/{person_id}/local-numbers/unlinking", nothing, to_json(Number(number)))


def owner_of_number(number: str) -> Call[Owner]:
    """Tell whose a patient number of yours is 按患者号查找."""
    return post(Owner, "/people/local-numbers/lookup", Number(number))


def numbers_of(person_id: UUID) -> Call[tuple[NumberLine, ...]]:
    """List how your patient numbers of a person came and went, newest first 患者号关联记录."""
    return get(tuple[NumberLine, ...], f"/people/{person_id}/local-numbers")
