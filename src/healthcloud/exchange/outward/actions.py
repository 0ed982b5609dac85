"""Put a message to an institution on its way, and carry on what stopped."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud.exchange.outward import store
from healthcloud.exchange.outward.deeds import LETTER_DISCARDED, LETTER_REPLAYED
from healthcloud.exchange.outward.endpoints import store as addresses
from healthcloud.exchange.outward.errors import DeadLetterUnknown
from healthcloud.exchange.outward.model import (
    GOOD_FOR,
    LONGEST_BODY,
    LONGEST_KEY,
    MessageState,
    NewMessage,
    declared_kinds,
    message_row,
)
from healthcloud.exchange.outward.purposes import BODY
from healthcloud.exchange.outward.rights import may_operate

MOST_AT_ONCE = 500


async def asking_for(read: Read, institution_ids: Collection[UUID], kind: str) -> set[UUID]:
    """Return those of these institutions whose systems asked for messages of a kind."""
    return set(await addresses.asking_for(read, sorted(institution_ids), kind)) if institution_ids else set()


async def send(
    tx: Transaction,
    institution_id: UUID,
    kind: str,
    key: str,
    body: Mapping[str, object],
    *,
    person_id: UUID | None = None,
    sequence: str | None = None,
    good_for: timedelta = GOOD_FOR,
) -> UUID | None:
    """
    Have a message sent to an institution once this transaction has committed; None where it did not ask for the kind.

    The same `key` is one message, whose id comes back. Messages of one `sequence` arrive in the order of their commits,
    each after the one before it is through. Neither key nor sequence may hold personal data; the body is sealed, and
    erased once sent. At least once: the receiver knows a repeat by the message's id.
    """
    content = msgspec.json.encode(body)
    if kind not in declared_kinds() or not 1 <= len(key) <= LONGEST_KEY or len(content) > LONGEST_BODY:
        raise ValueError(kind)
    if institution_id not in await asking_for(tx, [institution_id], kind):
        return None
    known = await store.id_of_key(tx, institution_id, key)
    if known is not None:
        return known
    now, message_id = tx.clock.now(), new_id()
    number = await store.next_number(tx, institution_id, sequence, now) if sequence else None
    before = await store.first_of(tx, institution_id, sequence) if sequence else None
    state = MessageState.WAITING if before is None else MessageState.HELD
    sealed = tx.vault.seal(BODY, message_row(institution_id, message_id), content)
    new = NewMessage(
        institution_id, message_id, key, kind, person_id, sequence, number, sealed, state, now, now + good_for
    )
    if await store.add_message(tx, new, now):
        return message_id
    return await store.id_of_key(tx, institution_id, key)


async def replay(
    tx: Transaction, caller: Caller, institution_id: UUID, message_ids: Collection[UUID] | None, reason: str | None
) -> int:
    """
    Put dead letters back into their institution's queue, all of them where none is named, 500 at once; say how many.

    Scope jobs.manage. Raises DeadLetterUnknown where none of them is there.
    """
    may_operate(caller)
    wanted = sorted(message_ids) if message_ids is not None else await _all_dead(tx, institution_id)
    now = tx.clock.now()
    replayed = await store.replay_letters(tx, institution_id, wanted[:MOST_AT_ONCE], now, now + GOOD_FOR)
    if not replayed:
        raise DeadLetterUnknown
    detail: audit.Detail = {"messages": len(replayed)}
    await audit.record(tx, caller, LETTER_REPLAYED, institution_id, reason=reason, detail=detail)
    return len(replayed)


async def _all_dead(tx: Transaction, institution_id: UUID) -> list[UUID]:
    start = (tx.clock.now() - timedelta(days=3660), UUID(int=0))
    return [one.id for one in await store.dead_letters(tx, institution_id, start, MOST_AT_ONCE)]


async def discard(tx: Transaction, caller: Caller, message_id: UUID, reason: str | None) -> None:
    """Give a dead letter up and erase it (scope jobs.manage); what was held behind it goes on."""
    may_operate(caller)
    one = await store.dead_letter(tx, message_id)
    if one is None or not await store.discard_letter(tx, one.institution_id, one.id, tx.clock.now()):
        raise DeadLetterUnknown
    sequence = await store.sequence_of(tx, one.institution_id, one.id)
    if sequence is not None:
        await go_on(tx, one.institution_id, sequence)
    await audit.record(tx, caller, LETTER_DISCARDED, one.institution_id, reason=reason, detail={"kind": one.kind})


async def go_on(tx: Transaction, institution_id: UUID, sequence: str) -> None:
    """Free the next message of a sequence whose first has just come to its end."""
    await store.lock_sequence(tx, institution_id, sequence)
    number = await store.first_of(tx, institution_id, sequence)
    if number is not None:
        await store.free(tx, institution_id, sequence, number, tx.clock.now())
