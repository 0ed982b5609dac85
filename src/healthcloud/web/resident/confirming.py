"""What a hospital asks one to confirm: which hospital, for what; agreed to or declined; then back to the hospital."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import exchange, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, page, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.telling import code_labels
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor
from healthcloud.web.wording import Words

router = APIRouter(prefix="/confirm", include_in_schema=False)
confirmations = exchange.confirmations
AGREE = "agree"


@router.get("/{token}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def confirm_page(request: Request, database: DatabaseIn, token: str) -> Response:
    """Show who asks for what; once it is answered, the way back."""
    found = await _visit(request, database, token)
    return found if isinstance(found, Response) else page(request, "resident/confirm.html", **found[1])


@router.post("/{token}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def confirm(request: Request, database: DatabaseIn, token: str) -> Response:
    """Keep what the citizen says."""
    found = await _visit(request, database, token)
    if isinstance(found, Response):
        return found
    caller, told = found
    agreed = form_of(request).get("answer") == AGREE

    async def act(tx: Transaction) -> str:
        own = frozenset(await people.group_of(tx, own_person(caller)))
        await confirmations.decide(tx, caller, token, own, agreed=agreed)
        return f"/confirm/{token}"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        return refused(request, "resident/confirm.html", problem, **told)


async def _visit(request: Request, database: Database, token: str) -> tuple[Caller, dict[str, Any]] | Response:
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        one = await confirmations.shown(read, token)
        me = own_person(caller)
        seen = (await people.faces(read, None, [me])).get(me)
        if seen is None or not await _is_theirs(read, one, me, seen):
            raise confirmations.ConfirmationUnknown
        if seen.level == people.Level.DECLARED:
            return go_to(f"/real-name?next=/confirm/{token}")
        return caller, await _told(read, one, seen, words_of(request)) | {"token": token}


async def _is_theirs(read: Read, one: exchange.confirmations.Shown, me: UUID, seen: people.Seen) -> bool:
    """Tell whether it is about who looks: the same person, and by the name the hospital gave."""
    try:
        name = people.normalise_name(one.carried.name)
    except people.Broken:
        return False
    return people.same_name(name, seen.face.name) and one.person_id in await people.group_of(read, me)


async def _told(read: Read, one: exchange.confirmations.Shown, seen: people.Seen, words: Words) -> dict[str, Any]:
    place = await institutions.institution(read, one.institution_id)
    scenes = await code_labels(read, "med-step", words)
    return {
        "one": one,
        "hospital": place.name,
        "face": people.masked(seen.face),
        "scene": scenes.get(one.carried.scene, ""),
        "back": "/",
    }
