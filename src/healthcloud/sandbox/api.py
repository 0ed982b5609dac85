"""The sandbox over HTTP, for programs; without an account, and only where the setting says that this is a sandbox."""

import json
from base64 import b64encode
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from healthcloud.core.http import DatabaseIn, SettingsIn, Wish, needs_nothing, problems
from healthcloud.sandbox import actions
from healthcloud.sandbox.citizens import Citizen, citizen, citizens
from healthcloud.sandbox.comparing import compare
from healthcloud.sandbox.errors import CallUnknown, CallUnsigned, CitizenUnknown, ClockTooFar
from healthcloud.sandbox.model import EVERY_FACE, EVERYBODY, SLOWEST_MS, WAYS, Call, Switches
from healthcloud.sandbox.reads import NEWEST, call_of, journal, state_of

OPEN = needs_nothing("a sandbox has invented people only and listens to its own machine")
router = APIRouter(prefix="/sandbox", include_in_schema=False, dependencies=[OPEN])


class ClockWish(Wish):
    """By how many seconds the clock is to be ahead of the real one; behind with a minus."""

    offset_seconds: int


class SwitchesWish(Wish):
    """What is to fail; without `face` all of them, without `institution_id` for each."""

    face: str = Field(EVERY_FACE, pattern=rf"^(\*|{'|'.join(WAYS)})$")
    institution_id: UUID = EVERYBODY
    slow_ms: int = Field(0, ge=0, le=SLOWEST_MS)
    down: bool = False
    wrong_signature: bool = False
    duplicate: bool = False
    out_of_order: bool = False


class CompareWish(Wish):
    """The string the caller signed, and the call it was for; or with `ours`, `form`, `secret` any two strings."""

    string: str = Field(max_length=1 << 20)
    call: UUID | None = None
    ours: str = Field("", max_length=1 << 20)
    form: str = Field("pairs", pattern="^(lines|pairs|blob)$")
    secret: str = Field("", max_length=256)


class Answered(BaseModel):
    """What a wish that has no answer of its own is answered."""

    done: bool = True


@router.get("/state.json")
async def state(database: DatabaseIn, settings: SettingsIn) -> dict[str, Any]:
    """Tell the time here, how far it is moved, what is switched on, and where this is."""
    async with database.read() as read:
        found = await state_of(read)
    now = database.clock.now()
    return {
        "now": now.isoformat(),
        "unix": int(now.timestamp()),
        "clock_offset_seconds": found.clock_offset_seconds,
        "switches": found.switches,
        "public_url": settings.public_url,
    }


@router.put("/clock", responses=problems(ClockTooFar))
async def move_clock(wish: ClockWish, database: DatabaseIn) -> Answered:
    """Move the clock; every worker follows within a second."""
    await database.transact(lambda tx: actions.move_clock(tx, wish.offset_seconds))
    return Answered()


@router.put("/switches")
async def switch(wish: SwitchesWish, database: DatabaseIn) -> Answered:
    """Set what fails for a face and an institution."""
    await database.transact(lambda tx: actions.switch(tx, Switches(**wish.model_dump())))
    return Answered()


@router.post("/reset")
async def reset(database: DatabaseIn) -> Answered:
    """Set the clock right, switch failures off, empty the journal."""
    await database.transact(actions.reset)
    return Answered()


@router.get("/citizens.json")
async def list_citizens(settings: SettingsIn) -> list[dict[str, Any]]:
    """List the invented citizens."""
    return [_citizen(one) for one in citizens(settings)]


@router.get("/citizens/{number}.json", responses=problems(CitizenUnknown))
async def show_citizen(number: int, settings: SettingsIn) -> dict[str, Any]:
    """Show one of them."""
    return _citizen(citizen(settings, number))


@router.get("/calls.json")
async def list_calls(
    database: DatabaseIn,
    *,
    face: Annotated[str | None, Query(max_length=32)] = None,
    before: UUID = NEWEST,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """List calls, the newest first."""
    async with database.read() as read:
        found = await journal(read, before=before, face=face, limit=limit)
    return {"calls": found}


@router.get("/calls/{call_id}.json", responses=problems(CallUnknown))
async def show_call(call_id: UUID, database: DatabaseIn) -> dict[str, Any]:
    """Show a call whole, with the exact string its signature is over."""
    async with database.read() as read:
        return _call(await call_of(read, call_id))


@router.post("/compare", responses=problems(CallUnknown, CallUnsigned))
async def compare_strings(wish: CompareWish, database: DatabaseIn) -> dict[str, Any]:
    """Tell at which character and in which part the caller's string differs from ours, and what that means."""
    if wish.call is None:
        return _told(wish.ours, wish.string, wish.form, wish.secret, b"")
    async with database.read() as read:
        call = await call_of(read, wish.call)
    if call.signed is None:
        raise CallUnsigned
    return _told(text_of(call.signed), wish.string, call.form, wish.secret, call.asked)


def _told(ours: str, theirs: str, form: str, secret: str, body: bytes) -> dict[str, Any]:
    found = compare(ours, theirs, form=form, secret=secret, body=body)
    return {
        "kind": found.kind,
        "at": found.at,
        "part": found.part,
        "ours_there": found.ours,
        "theirs_there": found.theirs,
        "en": found.en,
        "zh": found.zh,
        "ours": ours,
    }


def _citizen(one: Citizen) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _call(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "at": call.at,
        "face": call.face,
        "method": call.method,
        "target": call.target,
        "key": call.key,
        "institution_id": call.institution_id,
        "status": call.status,
        "outcome": call.outcome,
        "took_ms": call.took_ms,
        "switched": call.switched,
        "asked_headers": json.loads(call.asked_headers),
        "asked": text_of(call.asked),
        "told_headers": json.loads(call.told_headers),
        "told": text_of(call.told),
        "signed": None if call.signed is None else text_of(call.signed),
        "form": call.form,
    }


def text_of(content: bytes) -> str:
    """Return bytes as text; what is no UTF-8 in base64, marked as such."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(content).decode()}"
