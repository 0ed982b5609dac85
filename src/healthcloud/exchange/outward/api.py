"""Queues to institutions over HTTP: looked at, carried on, and given addresses and keys."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud import institutions
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.exchange.outward import actions, reads
from healthcloud.exchange.outward.endpoints import actions as giving
from healthcloud.exchange.outward.endpoints import reads as looking
from healthcloud.exchange.outward.endpoints.model import LONGEST_URL, Endpoint, EndpointWish, Terms
from healthcloud.exchange.outward.errors import DeadLetterUnknown, EndpointUnknown, EndpointWrong, NoNextKey
from healthcloud.exchange.outward.model import DEFAULT_IN_FLIGHT, DEFAULT_TIMEOUT, DeadLetter, QueueLine
from healthcloud.exchange.outward.rights import GIVE_KEYS, OPERATE

router = APIRouter(prefix="/exchange", tags=["exchange"])
ENDPOINT = "/endpoints/{institution_id}"
LONGEST_REASON = 200


class EndpointBody(Wish):
    """Where an institution's system takes what we send, of which kinds, how many at once and how long each may take."""

    url: Annotated[str, Field(min_length=8, max_length=LONGEST_URL)]
    kinds: Annotated[list[Annotated[str, Field(max_length=60)]], Field(default_factory=list, max_length=50)]
    is_open: bool = True
    in_flight: int = DEFAULT_IN_FLIGHT
    timeout_ms: int = int(DEFAULT_TIMEOUT.total_seconds() * 1000)


class ReplayBody(Wish):
    """Which undelivered messages of an institution go back into its queue; null: all, 500 at once."""

    institution_id: UUID
    message_ids: Annotated[list[UUID] | None, Field(max_length=500)] = None
    reason: Annotated[str | None, Field(max_length=LONGEST_REASON)] = None


class DiscardBody(Wish):
    """Why an undelivered message is given up."""

    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class ListQuery(Wish):
    """Which part of a list is wanted."""

    institution_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class EndpointTold:
    """An address as it is shown: which keys, never their secrets."""

    institution_id: UUID
    url: str
    kinds: list[str]
    is_open: bool
    in_flight: int
    timeout_ms: int
    key_id: UUID
    next_key_id: UUID | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many messages went back into their queue."""

    messages: int


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """The key an institution knows us by; its secret (base64) is shown this once, None where the old one stays."""

    institution_id: UUID
    key_id: UUID | None
    secret: str | None = field(repr=False)


def _told(one: Endpoint) -> EndpointTold:
    return EndpointTold(
        one.institution_id,
        one.url,
        one.kinds,
        one.is_open,
        one.in_flight,
        one.timeout_ms,
        one.key_id,
        one.next_key_id,
        one.changed_at,
    )


@router.get("/queues", dependencies=[needs(OPERATE, GIVE_KEYS)], responses=problems(CursorUnreadable))
async def list_queues(caller: CallerIn, database: DatabaseIn, query: Annotated[ListQuery, Query()]) -> Page[QueueLine]:
    """List the queues to institutions: what waits, what is held back, what could not be delivered, open circuits."""
    (after,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.FIRST,)
    async with database.read() as read:
        found = await reads.queues(read, caller, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.institution_id,))


@router.get("/dead-letters", dependencies=[needs(OPERATE)], responses=problems(CursorUnreadable))
async def list_dead(caller: CallerIn, database: DatabaseIn, query: Annotated[ListQuery, Query()]) -> Page[DeadLetter]:
    """List what could not be delivered, the first to be given up first."""
    after = decode_cursor(query.cursor, tuple[datetime, UUID]) if query.cursor else reads.OLDEST
    async with database.read() as read:
        found = await reads.dead_letters(read, caller, query.institution_id, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.ended_at, one.id))


@router.post("/dead-letters/replay", dependencies=[needs(OPERATE)], responses=problems(DeadLetterUnknown))
async def replay(body: ReplayBody, caller: CallerIn, database: DatabaseIn) -> Replayed:
    """Put undelivered messages back into their institution's queue, under their own ids."""
    count = await database.transact(
        lambda tx: actions.replay(tx, caller, body.institution_id, body.message_ids, body.reason)
    )
    return Replayed(count)


@router.post(
    "/dead-letters/{message_id}/discarding",
    status_code=204,
    dependencies=[needs(OPERATE)],
    responses=problems(DeadLetterUnknown),
)
async def discard(message_id: UUID, body: DiscardBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Give an undelivered message up for good and erase it."""
    await database.transact(lambda tx: actions.discard(tx, caller, message_id, body.reason))


@router.get(ENDPOINT, dependencies=[needs(OPERATE, GIVE_KEYS)], responses=problems(EndpointUnknown))
async def show_endpoint(institution_id: UUID, caller: CallerIn, database: DatabaseIn) -> EndpointTold:
    """Show where an institution's system takes what we send."""
    async with database.read() as read:
        return _told(await looking.endpoint_of(read, caller, institution_id))


@router.put(
    ENDPOINT,
    status_code=201,
    dependencies=[needs(GIVE_KEYS)],
    response_model=KeyGiven,
    responses=problems(EndpointWrong, institutions.InstitutionUnknown, *once_problems),
)
async def put_endpoint(
    institution_id: UUID, body: EndpointBody, caller: CallerIn, settings: SettingsIn, once: OnceIn
) -> Response:
    """Enter or change where an institution's system takes what we send; the first time its key comes back, once."""
    wish = EndpointWish(body.url, tuple(body.kinds), body.is_open, body.in_flight, body.timeout_ms)
    terms = Terms.of(settings)
    return await once(lambda tx: giving.put_endpoint(tx, caller, institution_id, wish, terms))


@router.delete(ENDPOINT, status_code=204, dependencies=[needs(GIVE_KEYS)], responses=problems(EndpointUnknown))
async def remove_endpoint(institution_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Send nothing more to an institution's system."""
    await database.transact(lambda tx: giving.remove_endpoint(tx, caller, institution_id))


@router.post(
    ENDPOINT + "/keys",
    status_code=201,
    dependencies=[needs(GIVE_KEYS)],
    response_model=KeyGiven,
    responses=problems(EndpointUnknown, *once_problems),
)
async def renew_key(institution_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Make the next key of an address, for the institution to enter; we go on signing with the one in use."""
    return await once(lambda tx: giving.renew_key(tx, caller, institution_id))


@router.post(
    ENDPOINT + "/keys/next/use",
    status_code=204,
    dependencies=[needs(GIVE_KEYS)],
    responses=problems(EndpointUnknown, NoNextKey),
)
async def use_next_key(institution_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Sign with the next key of an address from now on."""
    await database.transact(lambda tx: giving.use_next_key(tx, caller, institution_id))
