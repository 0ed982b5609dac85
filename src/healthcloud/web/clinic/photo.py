"""A person's photograph at a counter: taken with their consent, replaced, removed, and shown beside a scan."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from healthcloud import people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.find import OPEN, REGISTER, SHEET, sheet_of
from healthcloud.web.page import go_to
from healthcloud.web.picture import picture_of, read_picture

router = APIRouter(include_in_schema=False)
PHOTO = f"{SHEET}/photo"
# What the person reads of each look; no clerk writes a reason for each scan.
AT_SCAN, AT_COUNTER = "扫码时核对相貌", "窗口更换照片"


@view(router, PHOTO, REGISTER)
async def photo_page(desk: Desk) -> Response:
    """Show the camera, or what is kept, and ask for the consent."""
    return desk.page("clinic/photo.html", **await _values(desk))


@view(router, PHOTO, REGISTER, method="POST")
async def keep_photo(desk: Desk) -> Response:
    """Keep the photograph in the form."""
    form = desk.form()

    async def act(tx: Transaction) -> str:
        if form.get("consent") != "yes":
            fault = FieldFault("#/consent", "ask for the consent, and tick it", "请先征得同意并勾选")
            raise Unacceptable(faults=(fault,))
        policy = people.Policy.of(desk.settings)
        await people.photos.keep_photo(tx, desk.caller, desk.person_id, read_picture(form.get("photo", "")), policy)
        return "photo-kept"

    try:
        done = await desk.transact(act, str)
    except Problem as problem:
        return desk.refused("clinic/photo.html", problem, **await _values(desk))
    return go_to(f"{SHEET.format(person_id=desk.person_id)}?done={done}")


@view(router, f"{PHOTO}/remove", REGISTER, method="POST")
async def remove_photo(desk: Desk) -> Response:
    """Delete the photograph at the person's wish."""

    async def act(tx: Transaction) -> str:
        await people.photos.remove_photo(tx, desk.caller, desk.person_id)
        return "photo-removed"

    done = await desk.transact(act, str)
    return go_to(f"{SHEET.format(person_id=desk.person_id)}?done={done}")


async def photo_beside(desk: Desk, person_id: UUID, reason: str = AT_SCAN) -> Markup | None:
    """Return the address of a person's photograph for a page, the picture itself in it: a look, which is a deed."""
    if not desk.may(OPEN):
        return None
    found = await desk.database.transact(lambda tx: people.photos.open_photo(tx, desk.caller, person_id, reason))
    return None if found is None else picture_of(found.jpeg)


async def _values(desk: Desk) -> dict[str, Any]:
    async with desk.database.read() as read:
        sheet = await sheet_of(read, desk)
    kept = await photo_beside(desk, desk.person_id, AT_COUNTER)
    return {"sheet": sheet, "kept_photo": kept, "years": people.photos.DAYS // 365, "largest": people.photos.LARGEST}
