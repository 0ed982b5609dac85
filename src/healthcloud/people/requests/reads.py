"""Looking at requests: a person at their own, staff at the open ones."""

from uuid import UUID

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.people import deeds
from healthcloud.people.errors import PersonNotFound
from healthcloud.people.model import HISTORY
from healthcloud.people.requests import store
from healthcloud.people.requests.errors import RequestClosed, RequestNotFound
from healthcloud.people.requests.model import (
    ANSWERED,
    ASKED,
    Request,
    RequestKind,
    RequestState,
    WaitingRequest,
    ticket_of,
)
from healthcloud.people.seen.store import group_of

NEWEST = UUID(int=(1 << 128) - 1)
OLDEST = UUID(int=0)


async def own_requests(read: Read, caller: Caller, *, before: UUID = NEWEST, limit: int = 50) -> list[Request]:
    """Return the caller's own requests, the newest first; raise PersonNotFound while they have no person."""
    rows = await store.requests_of(read, await own_group(read, caller), before, limit)
    return [opened(read, row) for row in rows]


async def own_request(read: Read, caller: Caller, request_id: UUID) -> Request:
    """Return one of the caller's own requests; raise RequestNotFound."""
    row = await store.request(read, await own_group(read, caller), request_id)
    if row is None:
        raise RequestNotFound
    return opened(read, row)


async def waiting_requests(
    read: Read, caller: Caller, *, after: UUID = OLDEST, limit: int = 50
) -> list[WaitingRequest]:
    """Return open requests for whoever answers them (scope people.correct), the oldest first."""
    deeds.must(caller, "people.correct")
    return [_waiting(opened(read, row)) for row in await store.open_requests(read, after, limit)]


async def waiting_request(read: Read, caller: Caller, person_id: UUID, request_id: UUID) -> WaitingRequest:
    """Return one open request for whoever answers it (scope people.correct); raise RequestNotFound, RequestClosed."""
    deeds.must(caller, "people.correct")
    row = await store.request(read, [person_id], request_id)
    if row is None:
        raise RequestNotFound
    if row.state != RequestState.OPEN:
        raise RequestClosed
    return _waiting(opened(read, row))


def _waiting(one: Request) -> WaitingRequest:
    return WaitingRequest(one.person_id, one.id, ticket_of(one.id), one.kind, one.subject, one.text, one.asked_at)


async def own_group(read: Read, caller: Caller) -> list[UUID]:
    """Return every registration of a resident's own person; raise PersonNotFound."""
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise PersonNotFound
    return await group_of(read, caller.person_id)


def opened(read: Read, row: store.RequestRow) -> Request:
    """Open a stored request's texts."""
    place = row.person_id.bytes + row.id.bytes
    answer = None if row.answer_sealed is None else read.vault.open(HISTORY, place + ANSWERED, row.answer_sealed)
    return Request(
        person_id=row.person_id,
        id=row.id,
        kind=RequestKind(row.kind),
        subject=row.subject,
        text=read.vault.open(HISTORY, place + ASKED, row.text_sealed).decode(),
        asked_at=row.asked_at,
        state=RequestState(row.state),
        closed_at=row.closed_at,
        institution_id=row.institution_id,
        answer=None if answer is None else answer.decode(),
    )
