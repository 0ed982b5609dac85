"""Evidence over HTTP: finding messages, exporting one, and the keys that prove it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, needs_nothing, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.exchange.evidence.errors import EvidenceDamaged, NoSuchMessage, NotSealedYet
from healthcloud.exchange.evidence.exporting import export
from healthcloud.exchange.evidence.model import HEADS, SCOPE, MessageLine
from healthcloud.exchange.evidence.reads import LAST, Wanted, search

router = APIRouter(prefix="/exchange", tags=["exchange"])
MOST_REASON = 200


class MessageQuery(Wish):
    """Which messages."""

    institution_id: UUID
    since: Moment
    until: Moment | None = None
    face: Annotated[str | None, Field(max_length=40)] = None
    method: Annotated[str | None, Field(max_length=200)] = None
    request_id: Annotated[str | None, Field(max_length=64)] = None
    outcome: Annotated[str | None, Field(max_length=80)] = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


class ExportWish(Wish):
    """Why a message is exported; whoever looks after the audit reads it."""

    reason: Annotated[str, Field(min_length=1, max_length=MOST_REASON)]


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """A public key that signs evidence."""

    id: str
    algorithm: str
    state: str
    pem: str


@router.get("/messages", dependencies=[needs(SCOPE)], responses=problems(NoSuchMessage, CursorUnreadable))
async def list_messages(
    database: DatabaseIn, caller: CallerIn, query: Annotated[MessageQuery, Query()]
) -> Page[MessageLine]:
    """Find an institution's messages, newest first; looking is a deed."""
    before, before_id = query.until or database.clock.now(), LAST
    if query.cursor:
        before, before_id = decode_cursor(query.cursor, tuple[datetime, UUID])
    wanted = Wanted(
        institution_id=query.institution_id,
        since=query.since,
        before=before,
        before_id=before_id,
        face=query.face,
        method=query.method,
        request_id=query.request_id,
        outcome=query.outcome,
        limit=query.limit + 1,
    )
    found = await database.transact(lambda tx: search(tx, caller, wanted))
    return page_of(found, query.limit, lambda line: (line.at, line.id))


@router.post(
    "/messages/{message_id}/export",
    dependencies=[needs(SCOPE)],
    responses=problems(NoSuchMessage, NotSealedYet, EvidenceDamaged),
    response_class=Response,
)
async def export_message(message_id: UUID, wish: ExportWish, database: DatabaseIn, caller: CallerIn) -> Response:
    """Export one message as a file that anybody can prove; a deed with its reason."""
    asking = replace(caller, reason=wish.reason)
    file = await database.transact(lambda tx: export(tx, asking, message_id))
    headers = {"Content-Disposition": f'attachment; filename="evidence-{message_id}.json"'}
    return Response(file, media_type="application/json", headers=headers)


@router.get("/evidence-keys", dependencies=[needs_nothing("public keys, by which evidence is proven")])
async def evidence_keys(database: DatabaseIn) -> list[EvidenceKey]:
    """List the public keys that sign evidence, the current one first."""
    return [
        EvidenceKey(one.public.id, one.public.algorithm, one.state, one.public.pem())
        for one in database.vault.trust_list(HEADS)
    ]
