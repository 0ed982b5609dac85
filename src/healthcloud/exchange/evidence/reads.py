"""Finding messages by institution, time, method and request: a deed, and nothing of a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.deeds import SEARCHED
from healthcloud.exchange.evidence.errors import NoSuchMessage
from healthcloud.exchange.evidence.model import SCOPE, MessageLine

LAST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: of one institution, since an instant and before a place, newest first."""

    institution_id: UUID
    since: datetime
    before: datetime
    before_id: UUID = LAST
    face: str | None = None
    method: str | None = None
    request_id: str | None = None
    outcome: str | None = None
    limit: int = 50


async def search(tx: Transaction, caller: Caller, wanted: Wanted) -> list[MessageLine]:
    """Return messages (scope exchange.evidence): any institution's for the city, its own for an institution."""
    caller.must(SCOPE)
    if caller.institution_id not in (None, wanted.institution_id):
        raise NoSuchMessage
    said = {"face": wanted.face, "method": wanted.method, "request": wanted.request_id, "outcome": wanted.outcome}
    detail = {name: value for name, value in said.items() if value}
    await audit.record(tx, caller, SEARCHED, wanted.institution_id, detail=detail)
    return await store.lines_of(
        tx,
        wanted.institution_id,
        (wanted.since, wanted.before, wanted.before_id),
        (wanted.face, wanted.method, wanted.request_id, wanted.outcome),
        wanted.limit,
    )


async def find(tx: Transaction, caller: Caller, message_id: UUID) -> MessageLine:
    """Return where one message is (scope exchange.evidence); raises NoSuchMessage, also for what is another's."""
    caller.must(SCOPE)
    line = await store.line(tx, message_id)
    if line is None or caller.institution_id not in (None, line.institution_id):
        raise NoSuchMessage
    return line


async def last_messages(read: Read, institution_ids: list[UUID]) -> dict[UUID, datetime]:
    """
    Return when each of these institutions last sent a message that was proven to be its own.

    An institution that never did is left out. An instant tells nobody anything, so no scope is asked for.
    """
    return dict(await store.last_messages(read, institution_ids))
