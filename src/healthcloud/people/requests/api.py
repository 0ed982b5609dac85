"""Requests about one's own data over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.people import errors as wrong
from healthcloud.people.request import CORRECT, RESIDENT
from healthcloud.people.requests import actions, reads
from healthcloud.people.requests.errors import RequestClosed, RequestNotFound, RequestOpenAlready, TooManyRequests
from healthcloud.people.requests.model import Request, RequestKind, RequestState, WaitingRequest, read_asked

router = APIRouter(prefix="/people", tags=["people"])
RequestText = Annotated[
    str, Field(min_length=1, max_length=200, description="Why, without names and numbers 理由，不写姓名和号码。")
]


class RequestBody(Wish):
    """What is asked: the field to be corrected, the deed's id that is asked about, or `account` for the end of all."""

    kind: RequestKind
    subject: Annotated[str, Field(min_length=1, max_length=64)]
    text: RequestText


class AnswerBody(Wish):
    """Whether it was done, and the words the person reads."""

    granted: bool
    answer: RequestText


class RequestsQuery(Wish):
    """Which page."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request of one's own; `ticket` is what is said at a counter."""

    id: UUID
    ticket: str
    kind: RequestKind
    subject: str
    text: str
    asked_at: datetime
    state: RequestState
    closed_at: datetime | None
    answer: str | None

    @classmethod
    def of(cls, one: Request) -> "RequestShown":
        """Show a request."""
        return cls(
            one.id, one.ticket, one.kind, one.subject, one.text, one.asked_at, one.state, one.closed_at, one.answer
        )


@router.get("/me/requests", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound, CursorUnreadable))
async def my_requests(
    database: DatabaseIn, caller: CallerIn, query: Annotated[RequestsQuery, Query()]
) -> Page[RequestShown]:
    """List what one asked about one's own data 我的申请, newest first."""
    (before,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.NEWEST,)
    async with database.read() as read:
        found = await reads.own_requests(read, caller, before=before, limit=query.limit + 1)
    page = page_of(found, query.limit, lambda one: (one.id,))
    return Page([RequestShown.of(one) for one in page.items], page.next)


@router.post(
    "/me/requests",
    status_code=201,
    response_model=RequestShown,
    dependencies=[needs(RESIDENT)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone, RequestOpenAlready, TooManyRequests, *once_problems),
)
async def ask_request(body: RequestBody, caller: CallerIn, once: OnceIn) -> Response:
    """Ask for a correction 更正, why somebody looked 异议, or the end of everything 注销."""
    asked = read_asked(body.kind, body.subject, body.text)

    async def act(tx: Transaction) -> RequestShown:
        return RequestShown.of(await actions.ask(tx, caller, asked))

    return await once(act)


@router.delete(
    "/me/requests/{request_id}",
    status_code=204,
    dependencies=[needs(RESIDENT)],
    responses=problems(wrong.PersonNotFound, RequestNotFound, RequestClosed),
)
async def withdraw_request(request_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Take an open request back 撤回申请."""
    await database.transact(lambda tx: actions.withdraw_request(tx, caller, request_id))


@router.get("/requests", dependencies=[needs(CORRECT)], responses=problems(CursorUnreadable))
async def waiting(
    database: DatabaseIn, caller: CallerIn, query: Annotated[RequestsQuery, Query()]
) -> Page[WaitingRequest]:
    """List open requests of residents 待答复的申请, the oldest first."""
    (after,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.OLDEST,)
    async with database.read() as read:
        found = await reads.waiting_requests(read, caller, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.id,))


@router.post(
    "/{person_id:uuid}/requests/{request_id}/answer",
    status_code=204,
    dependencies=[needs(CORRECT)],
    responses=problems(RequestNotFound, RequestClosed),
)
async def answer(person_id: UUID, request_id: UUID, body: AnswerBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Answer a resident's request 答复申请; they read the words."""
    await database.transact(
        lambda tx: actions.answer_request(tx, caller, person_id, request_id, body.answer, granted=body.granted)
    )
