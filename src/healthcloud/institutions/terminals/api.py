"""Terminals over HTTP: clerks add and enrol them, a browser binds itself with the code it was given."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.core.caller import Caller
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, Wish, needs, needs_nothing, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.institutions.codes import CodeSetMissing, CodeUnknown
from healthcloud.institutions.departments.errors import DepartmentUnknown
from healthcloud.institutions.errors import InstitutionClosed, InstitutionUnknown, ParticularsWrong
from healthcloud.institutions.model import LONGEST_NAME, Institution
from healthcloud.institutions.reads import institution
from healthcloud.institutions.rights import MANAGE
from healthcloud.institutions.terminals import actions, reads
from healthcloud.institutions.terminals.cookie import keep_binding
from healthcloud.institutions.terminals.errors import (
    ClientElsewhere,
    EnrolmentCodeWrong,
    TerminalTaken,
    TerminalUnknown,
)
from healthcloud.institutions.terminals.model import Enrolment, Terminal, TerminalWish

router = APIRouter(tags=["terminals"])
OF_INSTITUTION = "/institutions/{institution_id}/terminals"
SCANS = "cards.verify"


class TerminalBody(Wish):
    """A terminal to be added: `kind` 01 window, 02 kiosk, 99 other; `scene_code` the medStepCode it mostly does."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    kind: Annotated[str, Field(max_length=2)]
    scene_code: Annotated[str, Field(max_length=16)]
    department_id: UUID | None = None


class CodeBody(Wish):
    """The one-time code a clerk was shown, typed with or without its hyphen."""

    code: Annotated[str, Field(min_length=10, max_length=32)]


class SceneBody(Wish):
    """The medStepCode a terminal mostly does."""

    scene_code: Annotated[str, Field(min_length=1, max_length=16)]


class ClientBody(Wish):
    """The API client that alone may speak for a terminal; null: any of its institution."""

    client_id: UUID | None


class TerminalQuery(Wish):
    """Which part of the list is wanted."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class TerminalTold:
    """A terminal, and its 终端号 as card platforms write it: `<organisation code>_<four digits>` or `-1`."""

    terminal: Terminal
    code: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the browser that asks is bound."""

    terminal: TerminalTold
    institution: Institution


def _may_look(caller: Caller, institution_id: UUID) -> None:
    if caller.institution_id not in (None, institution_id):
        raise InstitutionUnknown


@router.get(
    OF_INSTITUTION, dependencies=[needs(MANAGE, SCANS)], responses=problems(InstitutionUnknown, CursorUnreadable)
)
async def list_terminals(
    institution_id: UUID, caller: CallerIn, database: DatabaseIn, query: Annotated[TerminalQuery, Query()]
) -> Page[TerminalTold]:
    """List an institution's terminals, retired ones too; for those who belong to it or manage the city's."""
    _may_look(caller, institution_id)
    (after,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.FIRST,)
    async with database.read() as read:
        found = await reads.terminals_of(read, institution_id, after=after, limit=query.limit + 1)
        codes = await reads.terminal_codes(read, institution_id, found)
    told = [TerminalTold(one, codes[one.id]) for one in found]
    return page_of(told, query.limit, lambda one: (one.terminal.id,))


@router.post(
    OF_INSTITUTION,
    status_code=201,
    response_model=Enrolment,
    dependencies=[needs(MANAGE)],
    responses=problems(
        TerminalTaken,
        InstitutionUnknown,
        InstitutionClosed,
        DepartmentUnknown,
        ParticularsWrong,
        CodeUnknown,
        CodeSetMissing,
        *once_problems,
    ),
)
async def enrol(institution_id: UUID, body: TerminalBody, caller: CallerIn, once: OnceIn) -> Response:
    """Add a terminal, or find the one of this name, and get the one-time code that binds a browser to it."""
    wish = TerminalWish(body.name, body.kind, body.scene_code, body.department_id)
    return await once(lambda tx: actions.enrol_terminal(tx, caller, institution_id, wish))


@router.post(
    "/terminals/{terminal_id}/enrolments",
    status_code=201,
    response_model=Enrolment,
    dependencies=[needs(MANAGE)],
    responses=problems(TerminalUnknown, *once_problems),
)
async def issue_enrolment(terminal_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Get another one-time code for a terminal; codes issued before it are worthless."""
    return await once(lambda tx: actions.issue_enrolment(tx, caller, terminal_id))


@router.post(
    "/terminals/{terminal_id}/replacement",
    status_code=201,
    response_model=Enrolment,
    dependencies=[needs(MANAGE)],
    responses=problems(TerminalUnknown, InstitutionClosed, CodeUnknown, CodeSetMissing, *once_problems),
)
async def replace_terminal(terminal_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Put a new terminal in this one's place, retire this one at once, and get the new one's code."""
    return await once(lambda tx: actions.replace_terminal(tx, caller, terminal_id))


@router.put(
    "/terminals/{terminal_id}/client",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(TerminalUnknown, ClientElsewhere),
)
async def bind_to_client(terminal_id: UUID, body: ClientBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Let one API client of the institution alone speak for a terminal."""
    await database.transact(lambda tx: actions.bind_to_client(tx, caller, terminal_id, body.client_id))


@router.put(
    "/terminals/{terminal_id:uuid}/scene",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(TerminalUnknown, CodeUnknown),
)
async def set_scene(terminal_id: UUID, body: SceneBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Give a terminal another usual step of treatment 更改诊疗环节."""
    await database.transact(lambda tx: actions.set_scene(tx, caller, terminal_id, body.scene_code))


@router.delete(
    "/terminals/{terminal_id:uuid}", status_code=204, dependencies=[needs(MANAGE)], responses=problems(TerminalUnknown)
)
async def retire_terminal(terminal_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Take a terminal out of use for good; what it scans is refused from now on."""
    await database.transact(lambda tx: actions.retire_terminal(tx, caller, terminal_id))


@router.post(
    "/terminals/bindings",
    status_code=201,
    dependencies=[needs_nothing("the one-time code is the proof")],
    responses=problems(EnrolmentCodeWrong),
)
async def bind_browser(
    body: CodeBody, caller: CallerIn, database: DatabaseIn, settings: SettingsIn, response: Response
) -> Desk:
    """Bind the browser that asks to the terminal of a one-time code; the browser bound before is out at once."""
    bound = await database.transact(lambda tx: actions.bind_terminal(tx, caller, body.code))
    keep_binding(response, bound.token, settings)
    return await _desk(database, bound.terminal.id)


@router.get(
    "/terminals/here",
    dependencies=[needs_nothing("a browser may know which desk it stands at")],
    responses=problems(TerminalUnknown),
)
async def here(caller: CallerIn, database: DatabaseIn) -> Desk:
    """Tell which terminal the browser that asks is bound to."""
    if caller.terminal_id is None:
        raise TerminalUnknown
    return await _desk(database, caller.terminal_id)


async def _desk(database: DatabaseIn, terminal_id: UUID) -> Desk:
    async with database.read() as read:
        one = await reads.terminal(read, terminal_id)
        codes = await reads.terminal_codes(read, one.institution_id, [one])
        return Desk(TerminalTold(one, codes[one.id]), await institution(read, one.institution_id))
