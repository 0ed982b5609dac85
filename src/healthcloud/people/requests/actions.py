"""Asking for something about one's own data, withdrawing it, and answering; each is a deed its person reads."""

from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.holding import hold
from healthcloud.people.model import HISTORY
from healthcloud.people.reading import read_evidence
from healthcloud.people.requests import store
from healthcloud.people.requests.errors import RequestClosed, RequestNotFound, RequestOpenAlready, TooManyRequests
from healthcloud.people.requests.model import ANSWERED, ASKED, MOST_OPEN, Asked, Request, RequestState
from healthcloud.people.requests.reads import opened, own_group


async def ask(tx: Transaction, caller: Caller, asked: Asked) -> Request:
    """Ask for something about one's own data. Raises PersonNotFound, RequestOpenAlready, TooManyRequests."""
    held = await hold(tx, (await own_group(tx, caller))[0])
    if await store.open_count(tx, held.id) >= MOST_OPEN:
        raise TooManyRequests(limit=MOST_OPEN)
    request_id = new_id()
    sealed = tx.vault.seal(HISTORY, held.id.bytes + request_id.bytes + ASKED, asked.text.encode())
    row = store.RequestRow(
        person_id=held.id,
        id=request_id,
        kind=asked.kind,
        subject=asked.subject,
        text_sealed=sealed,
        asked_at=tx.clock.now(),
        account_id=caller.account_id,
        state=RequestState.OPEN,
        closed_at=None,
        institution_id=None,
        answer_sealed=None,
    )
    if not await store.add_request(tx, row):
        raise RequestOpenAlready
    detail = {"request": str(request_id), "kind": str(asked.kind)}
    await audit.record(tx, caller, deeds.REQUEST_ASKED, held.id, detail=detail)
    return opened(tx, row)


async def withdraw_request(tx: Transaction, caller: Caller, request_id: UUID) -> None:
    """Take one's own open request back. Raises RequestNotFound, RequestClosed."""
    row = await store.request(tx, await own_group(tx, caller), request_id)
    if row is None:
        raise RequestNotFound
    now = tx.clock.now()
    if not await store.close_request(tx, row.person_id, row.id, RequestState.WITHDRAWN, now, None, None):
        raise RequestClosed
    detail = {"request": str(row.id), "kind": row.kind}
    await audit.record(tx, caller, deeds.REQUEST_WITHDRAWN, row.person_id, detail=detail)


async def answer_request(
    tx: Transaction, caller: Caller, person_id: UUID, request_id: UUID, answer: str, *, granted: bool
) -> None:
    """
    Answer a request in words its person reads (scope people.correct); the thing itself is done by its own action.

    Raises Unacceptable, RequestNotFound, RequestClosed.
    """
    deeds.must(caller, "people.correct")
    told = read_evidence(answer, "answer")
    row = await store.request(tx, [person_id], request_id)
    if row is None:
        raise RequestNotFound
    state = RequestState.DONE if granted else RequestState.REFUSED
    sealed = tx.vault.seal(HISTORY, person_id.bytes + request_id.bytes + ANSWERED, told.encode())
    now = tx.clock.now()
    if not await store.close_request(tx, person_id, request_id, state, now, caller.institution_id, sealed):
        raise RequestClosed
    detail: dict[str, str | int | bool | None] = {
        "request": str(request_id),
        "kind": row.kind,
        "granted": granted,
    }
    await audit.record(tx, caller, deeds.REQUEST_ANSWERED, person_id, detail=detail)
