"""Access over HTTP: the routes of staff, residents and machines, and what everybody signed in may do with sessions."""

from uuid import UUID

from fastapi import APIRouter, Response

from healthcloud.access.clients.api import SIGNATURE_PROBLEMS
from healthcloud.access.clients.api import router as clients
from healthcloud.access.request import BrowserIn, PolicyIn
from healthcloud.access.residents import masked_phone
from healthcloud.access.residents.api import router as residents
from healthcloud.access.sessions import (
    NoSuchSession,
    SessionLine,
    SessionLocked,
    SessionOver,
    end_all_sessions,
    end_own_session,
    end_session,
    forget_session,
    own_sessions,
)
from healthcloud.access.staff.admin_api import router as staff_admin
from healthcloud.access.staff.api import router as staff
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, needs_nothing, problems

router = APIRouter(prefix="/access", tags=["access"])
SIGNED_IN = needs("staff", "resident")

# What AccessAuthenticator refuses a proof with, or who sends too many; OpenAPI tells it of routes that ask who calls.
WRONG_PROOFS = (SessionOver, SessionLocked, *SIGNATURE_PROBLEMS)


class Me(Wish):
    """Who is signed in, and what he may do."""

    account_id: UUID
    kind: str
    session_id: UUID | None
    institution_id: UUID | None
    terminal_id: UUID | None
    person_id: UUID | None
    scopes: list[str]
    phone: str | None  # masked


@router.get("/session", dependencies=[SIGNED_IN], responses=problems(SessionOver, SessionLocked))
async def get_session(database: DatabaseIn, caller: CallerIn) -> Me:
    """Tell who is signed in."""
    async with database.read() as read:
        phone = await masked_phone(read, caller)
    return Me(
        account_id=caller.account_id,
        kind=caller.kind,
        session_id=caller.session_id,
        institution_id=caller.institution_id,
        terminal_id=caller.terminal_id,
        person_id=caller.person_id,
        scopes=sorted(caller.scopes),
        phone=phone,
    )


@router.delete(
    "/session", status_code=204, dependencies=[needs_nothing("a locked or ended session may be signed out too")]
)
async def delete_session(database: DatabaseIn, policy: PolicyIn, browser: BrowserIn, response: Response) -> None:
    """Sign out: the token is worth nothing from now on."""
    if browser.former is not None:
        cookie = browser.former
        await database.transact(lambda tx: end_own_session(tx, cookie))
    forget_session(response, secure=policy.secure_cookies)


@router.get("/sessions", dependencies=[SIGNED_IN])
async def list_sessions(database: DatabaseIn, caller: CallerIn) -> list[SessionLine]:
    """List the devices the caller is signed in on."""
    async with database.read() as read:
        return await own_sessions(read, caller)


@router.delete("/sessions", status_code=204, dependencies=[SIGNED_IN])
async def delete_sessions(database: DatabaseIn, policy: PolicyIn, caller: CallerIn, response: Response) -> None:
    """Sign out everywhere, here too."""
    await database.transact(
        lambda tx: end_all_sessions(tx, caller, caller.account_id, "signed out everywhere", but=None)
    )
    forget_session(response, secure=policy.secure_cookies)


@router.delete("/sessions/{session_id}", status_code=204, dependencies=[SIGNED_IN], responses=problems(NoSuchSession))
async def delete_one_session(session_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Sign one device out."""
    await database.transact(lambda tx: end_session(tx, caller, session_id))


for part in (staff, staff_admin, residents, clients):
    router.include_router(part)
