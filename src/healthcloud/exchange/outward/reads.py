"""Looking at queues and at what could not be delivered; what a message says is never shown."""

from datetime import UTC, datetime
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.exchange.outward import store
from healthcloud.exchange.outward.errors import DeadLetterUnknown
from healthcloud.exchange.outward.model import DeadLetter, QueueLine
from healthcloud.exchange.outward.rights import may_look, may_operate

FIRST = UUID(int=0)
OLDEST = (datetime.min.replace(tzinfo=UTC), FIRST)


async def queues(read: Read, caller: Caller, *, after: UUID = FIRST, limit: int = 200) -> list[QueueLine]:
    """Return the queues of institutions that have an address; the next page starts after the last one's institution."""
    may_look(caller)
    return await store.queues(read, after, limit)


async def dead_letters(
    read: Read,
    caller: Caller,
    institution_id: UUID | None = None,
    *,
    after: tuple[datetime, UUID] = OLDEST,
    limit: int = 50,
) -> list[DeadLetter]:
    """Return what could not be delivered, the first to die first, after a place (ended_at, id)."""
    may_operate(caller)
    return await store.dead_letters(read, institution_id, after, limit)


async def dead_letter(read: Read, caller: Caller, message_id: UUID) -> DeadLetter:
    """Return one of them; raise DeadLetterUnknown."""
    may_operate(caller)
    found = await store.dead_letter(read, message_id)
    if found is None:
        raise DeadLetterUnknown
    return found
