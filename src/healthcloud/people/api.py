"""People over HTTP: finding and opening somebody, one's own data. Numbers of persons stand in bodies, never in URLs."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from healthcloud.core.caller import Caller
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.people import errors as wrong
from healthcloud.people.contacts.actions import change_phone
from healthcloud.people.contacts.lookup import find_by_phone
from healthcloud.people.finding import Found, find_by_document
from healthcloud.people.model import Level, PersonState
from healthcloud.people.opening import open_person
from healthcloud.people.request import CORRECT, OPEN, REGISTER, RESIDENT, DocumentBody, PhoneText, PolicyIn
from healthcloud.people.seen.model import MaskedFace, Seen

router = APIRouter(prefix="/people", tags=["people"])


class OpeningBody(Wish):
    """Why the data is opened, as the person will read it; a keeper need not say."""

    reason: Annotated[str | None, Field(max_length=200)] = None


class PhoneBody(Wish):
    """The number a person can be reached at from now on, or null for none."""

    phone: PhoneText | None


class PhoneLookupBody(Wish):
    """A phone number as written."""

    phone: PhoneText


class FoundShown(BaseModel):
    """Who was found, masked."""

    person_id: UUID
    name: str
    sex: str
    birth_year: int
    document_kind: str
    document_number: str
    phone: str | None
    state: PersonState
    level: Level
    local_number: str | None

    @classmethod
    def of(cls, found: Found) -> "FoundShown":
        """Show who was found."""
        face: MaskedFace = found.face
        return cls(
            person_id=found.person_id,
            name=face.name,
            sex=face.sex,
            birth_year=face.birth_year,
            document_kind=face.document_kind,
            document_number=face.document_number,
            phone=face.phone,
            state=found.state,
            level=found.level,
            local_number=found.local_number,
        )


class PersonShown(BaseModel):
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
    state: PersonState
    level: Level
    local_number: str | None

    @classmethod
    def of(cls, seen: Seen) -> "PersonShown":
        """Show a person whose data was opened."""
        face = seen.face
        return cls(
            person_id=seen.canonical_id,
            name=face.name,
            sex=face.sex,
            birth_date=face.birth_date,
            document_kind=face.document_kind,
            document_number=face.document_number,
            document_issuer=face.document_issuer,
            phone=face.phone,
            ethnicity=face.ethnicity,
            nationality=face.nationality,
            state=seen.state,
            level=seen.level,
            local_number=seen.local_number,
        )


def own_person(caller: Caller) -> UUID:
    """Return a resident's own person; raise PersonNotFound while the account is tied to nobody."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    return caller.person_id


@router.post("/lookup", dependencies=[needs(REGISTER, OPEN)], responses=problems(wrong.PersonNotFound))
async def lookup(body: DocumentBody, caller: CallerIn, database: DatabaseIn) -> FoundShown:
    """Find a person by a document's number 按证件查找; the person can read that you did."""
    return FoundShown.of(await database.transact(lambda tx: find_by_document(tx, caller, body.form())))


@router.post("/lookup/phone", dependencies=[needs(OPEN)])
async def lookup_phone(body: PhoneLookupBody, caller: CallerIn, database: DatabaseIn) -> list[FoundShown]:
    """Find who uses a phone number 按手机号查找; each of them can read that you did."""
    found = await database.transact(lambda tx: find_by_phone(tx, caller, body.phone))
    return [FoundShown.of(one) for one in found]


@router.get("/me", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def me(caller: CallerIn, database: DatabaseIn) -> PersonShown:
    """Show one's own data 我的信息."""
    return PersonShown.of(await database.transact(lambda tx: open_person(tx, caller, own_person(caller))))


@router.post(
    "/{person_id:uuid}/opening",
    dependencies=[needs(OPEN, RESIDENT)],
    responses=problems(wrong.PersonNotFound, wrong.ReasonNeeded),
)
async def opening(person_id: UUID, body: OpeningBody, caller: CallerIn, database: DatabaseIn) -> PersonShown:
    """Open a person's data unmasked 查看完整信息: a deed with a reason that the person can read."""
    return PersonShown.of(await database.transact(lambda tx: open_person(tx, caller, person_id, body.reason)))


@router.put(
    "/{person_id:uuid}/phone",
    status_code=204,
    dependencies=[needs(RESIDENT, CORRECT)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone, wrong.PhoneHasTooManyPersons),
)
async def put_phone(person_id: UUID, body: PhoneBody, caller: CallerIn, database: DatabaseIn, policy: PolicyIn) -> None:
    """Change the phone number a person can be reached at 更改联系电话."""
    await database.transact(lambda tx: change_phone(tx, caller, person_id, body.phone, policy))
