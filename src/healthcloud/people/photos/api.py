"""Photographs over HTTP: base64 in JSON bodies, never in an address a browser keeps."""

import base64
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.people import errors as wrong
from healthcloud.people.photos import actions
from healthcloud.people.photos.errors import PhotoNotFound, PhotoUnusable
from healthcloud.people.photos.model import LARGEST, Photo, file_in
from healthcloud.people.request import REGISTER, RESIDENT, EvidenceText, PolicyIn

router = APIRouter(prefix="/people", tags=["people"])
OPEN = "people.open"
_PERSON = (wrong.PersonNotFound, wrong.PersonGone)


class PhotoBody(Wish):
    """A square JPEG of 240–640 pixels, at most 100 kB, in base64; `consent`: the person was asked and agrees."""

    jpeg: Annotated[str, Field(min_length=4, max_length=LARGEST * 4 // 3 + 4)]
    consent: Literal[True]
    channel: Literal["counter", "institution", "paper"] = "counter"

    def file(self) -> bytes:
        """Return the file; raise PhotoUnusable."""
        return file_in(self.jpeg)


class LookBody(Wish):
    """Why the photograph is looked at; its person reads it."""

    reason: EvidenceText


class PhotoShown(BaseModel):
    """A photograph, in base64."""

    jpeg: str
    taken_at: datetime
    until: datetime

    @classmethod
    def of(cls, photo: Photo | None) -> "PhotoShown":
        """Show a photograph; raise PhotoNotFound for none."""
        if photo is None:
            raise PhotoNotFound
        return cls(jpeg=base64.b64encode(photo.jpeg).decode(), taken_at=photo.taken_at, until=photo.until)


class PhotoKept(BaseModel):
    """When a photograph was taken, and until when it is kept."""

    taken_at: datetime
    until: datetime


@router.get("/me/photo", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound, PhotoNotFound))
async def my_photo(caller: CallerIn, database: DatabaseIn) -> PhotoShown:
    """Show one's own photograph 我的照片."""
    person_id = _own(caller.person_id)
    return PhotoShown.of(await database.transact(lambda tx: actions.open_photo(tx, caller, person_id)))


@router.delete(
    "/me/photo",
    status_code=204,
    dependencies=[needs(RESIDENT)],
    responses=problems(wrong.PersonNotFound, PhotoNotFound),
)
async def remove_my_photo(caller: CallerIn, database: DatabaseIn) -> None:
    """Delete one's own photograph and withdraw its consent 删除我的照片."""
    person_id = _own(caller.person_id)
    await database.transact(lambda tx: actions.remove_photo(tx, caller, person_id))


@router.put("/{person_id:uuid}/photo", dependencies=[needs(REGISTER)], responses=problems(*_PERSON, PhotoUnusable))
async def keep_photo(
    person_id: UUID, body: PhotoBody, caller: CallerIn, database: DatabaseIn, policy: PolicyIn
) -> PhotoKept:
    """Keep a photograph taken at a counter 留存照片, in the place of the one before, without its metadata."""
    file = body.file()
    kept = await database.transact(
        lambda tx: actions.keep_photo(tx, caller, person_id, file, policy, channel=body.channel)
    )
    return PhotoKept(taken_at=kept.taken_at, until=kept.until)


@router.post(
    "/{person_id:uuid}/photo/open",
    dependencies=[needs(OPEN)],
    responses=problems(wrong.PersonNotFound, PhotoNotFound),
)
async def open_photo(person_id: UUID, body: LookBody, caller: CallerIn, database: DatabaseIn) -> PhotoShown:
    """Look at a photograph to compare it with who is there 查看照片: a deed its person reads."""
    return PhotoShown.of(await database.transact(lambda tx: actions.open_photo(tx, caller, person_id, body.reason)))


@router.delete(
    "/{person_id:uuid}/photo",
    status_code=204,
    dependencies=[needs(REGISTER)],
    responses=problems(wrong.PersonNotFound, PhotoNotFound),
)
async def remove_photo(person_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Delete a photograph at the person's wish 删除照片."""
    await database.transact(lambda tx: actions.remove_photo(tx, caller, person_id))


def _own(person_id: UUID | None) -> UUID:
    if person_id is None:
        raise wrong.PersonNotFound
    return person_id
