"""What counters keep of a resident: the photograph, deleted at a wish, and what their identity card said."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, page
from healthcloud.web.picture import picture_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/me/kept", include_in_schema=False)
HERE = "/me/kept"


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def kept(request: Request, database: DatabaseIn) -> Response:
    """Show what counters keep of oneself."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    photo, record = await database.transact(lambda tx: _kept(tx, caller))
    picture = photo and picture_of(photo.jpeg)
    removed = request.query_params.get("removed", "")
    done = removed if removed in ("photo", "record") else ""
    return page(request, "resident/kept.html", back="/me", photo=photo, picture=picture, record=record, done=done)


@router.post("/remove", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def remove(request: Request, database: DatabaseIn) -> Response:
    """Delete one's photograph, its consent withdrawn, or what is kept of one's card."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller

    what = form_of(request).get("what", "")

    async def act(tx: Transaction) -> str:
        if what == "record":
            await people.id_records.remove_record(tx, caller, own_person(caller))
            return f"{HERE}?removed=record"
        await people.photos.remove_photo(tx, caller, own_person(caller))
        return f"{HERE}?removed=photo"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        return refused(request, "resident/kept.html", problem, back="/me", photo=None, record=None, done="")


async def _kept(
    tx: Transaction, caller: Caller
) -> tuple[people.photos.Photo | None, people.id_records.IdRecord | None]:
    person_id = own_person(caller)
    photo = await people.photos.open_photo(tx, caller, person_id)
    return photo, await people.id_records.record_of(tx, person_id)
