"""
The dispatcher: one machine takes what is due and sends it, each institution beside the others.

What it has taken stands in its memory only: should it die, everything it had is due again for the next one, and goes
out under the same message id. An answer is written on the condition that the message still waits.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random
from uuid import UUID

import msgspec
import structlog

from healthcloud.core.background import sanitized
from healthcloud.core.db import Database, Transaction
from healthcloud.core.leases import Lease
from healthcloud.core.metrics import counter, gauge
from healthcloud.exchange.outward import actions, store
from healthcloud.exchange.outward.breaker import Breaker
from healthcloud.exchange.outward.endpoints import store as addresses
from healthcloud.exchange.outward.endpoints.model import Endpoint
from healthcloud.exchange.outward.lines import Lines, Turned
from healthcloud.exchange.outward.model import Message, MessageState, message_row, next_try
from healthcloud.exchange.outward.purposes import BODY
from healthcloud.exchange.outward.tidying import store as kept
from healthcloud.exchange.outward.wire import Attempt, Outcome

HAND = 16  # messages taken for one institution at once, those on their way among them
MEASURED_EVERY = timedelta(seconds=5)
MESSAGES = counter("healthcloud_outward_messages", "Messages to institutions that came to an end.", "kind", "state")
DEPTH = gauge("healthcloud_outward_depth", "Messages to institutions by state: waiting, held, dead.", "state")
OLDEST = gauge("healthcloud_outward_oldest_seconds", "Age of the oldest message that waits for an institution.")
OPEN = gauge("healthcloud_outward_open_circuits", "Institutions left alone for a while, for they do not answer.")
_log = structlog.get_logger("healthcloud.outward")


class Envelope(msgspec.Struct, omit_defaults=True):
    """What an institution receives."""

    id: UUID
    kind: str
    at: datetime
    body: msgspec.Raw
    sequence: str | None = None
    number: int | None = None


@dataclass(slots=True)
class Queue:
    """What is in hand for one institution."""

    endpoint: Endpoint
    taken: deque[Message] = field(default_factory=deque)


class Dispatcher:
    """Takes what is due and sends it, `step` by step, never waiting for an institution."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._queues: dict[UUID, Queue] = {}
        self._in_hand: dict[UUID, UUID] = {}  # message → institution
        self._tasks: set[asyncio.Task[None]] = set()
        self._fence: int | None = None
        self._measured_at: datetime | None = None
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in hand."""
        return not self._in_hand

    async def close(self) -> None:
        """Stop where it stands; what was in hand is due again."""
        self._is_closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def step(self, database: Database, lease: Lease) -> int:
        """Take what is due and begin to send it; return how much was taken."""
        if self._fence != lease.fence:
            self._fence = lease.fence
            await self._take_over(database)
        now = database.clock.now()
        async with database.read() as read:
            full = [one for one in self._queues if self._count(one) >= HAND]
            resting = [*self._lines.resting(), *full]
            found = await store.due(read, now, resting, list(self._in_hand), HAND)
            ids = sorted({message.institution_id for message in found})
            places = {one.institution_id: one for one in await addresses.endpoints_of(read, ids)} if ids else {}
        taken = self._take(found, places)
        self._pump(database, lease)
        if self._measured_at is None or now - self._measured_at >= MEASURED_EVERY:
            self._measured_at = now
            await self._measure(database)
        return taken

    def _take(self, found: Sequence[Message], places: dict[UUID, Endpoint]) -> int:
        taken = 0
        for message in found:
            endpoint = places.get(message.institution_id)
            if endpoint is None or self._count(message.institution_id) >= HAND:
                continue
            queue = self._queues.setdefault(message.institution_id, Queue(endpoint))
            queue.endpoint = endpoint
            queue.taken.append(message)
            self._in_hand[message.id] = message.institution_id
            taken += 1
        return taken

    def _count(self, institution_id: UUID) -> int:
        return sum(one == institution_id for one in self._in_hand.values())

    async def _take_over(self, database: Database) -> None:
        async with database.read() as read:
            for one in await kept.circuits(read):
                self._lines.know(one.institution_id, Breaker(one.failures, one.openings, one.open_until))

    def _pump(self, database: Database, lease: Lease) -> None:
        """Begin what there is a place for; put back what a circuit leaves no place for."""
        if self._is_closed:
            return
        for queue in self._queues.values():
            while queue.taken and lease.held and self._lines.enter(queue.endpoint):
                task = asyncio.create_task(self._carry(database, lease, queue.endpoint, queue.taken.popleft()))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            breaker = self._lines.breaker(queue.endpoint.institution_id)
            if breaker.open_until is not None or not lease.held:
                for message in queue.taken:
                    self._in_hand.pop(message.id, None)
                queue.taken.clear()

    async def _carry(self, database: Database, lease: Lease, endpoint: Endpoint, message: Message) -> None:
        try:
            turned = await self._send(database, endpoint, message)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here, the message is due again
            _log.warning("message not sent", message_id=str(message.id), error=sanitized(error))
            return
        finally:
            self._lines.leave(endpoint)
            self._in_hand.pop(message.id, None)
            self._pump(database, lease)
        if turned.has_turned:
            opened = turned.breaker.open_until is not None
            _log.info("circuit turned", institution_id=str(message.institution_id), opened=opened)

    async def _send(self, database: Database, endpoint: Endpoint, message: Message) -> Turned:
        plain = database.vault.open(BODY, message_row(message.institution_id, message.id), message.body_sealed)
        envelope = Envelope(
            message.id, message.kind, message.created_at, msgspec.Raw(plain), message.sequence, message.number
        )
        seconds = endpoint.timeout_ms / 1000
        turned = await self._lines.send(
            endpoint, message.kind, str(message.id), msgspec.json.encode(envelope), seconds=seconds
        )
        state = await database.transact(lambda tx: _note(tx, message, turned))
        if state is not None:
            MESSAGES.labels(message.kind, state).inc()
        return turned

    async def _measure(self, database: Database) -> None:
        async with database.read() as read:
            depths = {one.state: one for one in await kept.depths(read)}
        for state in (MessageState.WAITING, MessageState.HELD, MessageState.DEAD):
            DEPTH.labels(state).set(depths[state].messages if state in depths else 0)
        waiting = depths.get(MessageState.WAITING)
        age = database.clock.now() - waiting.oldest_at if waiting and waiting.oldest_at else timedelta()
        OLDEST.set(age.total_seconds())
        OPEN.set(len(self._lines.resting()))


async def _note(tx: Transaction, message: Message, turned: Turned) -> MessageState | None:
    """Write how an attempt ended; return the state the message came to, None where it waits on."""
    now, attempt = tx.clock.now(), turned.attempt
    if turned.has_turned and turned.breaker.open_until is not None:
        await store.put_circuit(tx, message.institution_id, turned.breaker, attempt.told, now)
    elif turned.has_turned:
        await store.close_circuit(tx, message.institution_id)
    ends = _end_of(message, attempt, now)
    if ends is None:
        # Jitter only spreads retries; nothing secret hangs on it.
        due_at = next_try(now, message.attempts + 1, message.last_at, random(), attempt.retry_after)  # noqa: S311
        await store.postpone(tx, message, due_at, attempt.told)
        return None
    told = None if ends is MessageState.SENT else attempt.told
    if not await store.end_message(tx, message, ends, told, now):
        return None
    if ends is MessageState.SENT and message.sequence is not None:
        await actions.go_on(tx, message.institution_id, message.sequence)
    return ends


def _end_of(message: Message, attempt: Attempt, now: datetime) -> MessageState | None:
    if attempt.outcome is Outcome.TAKEN:
        return MessageState.SENT
    if attempt.outcome is Outcome.REFUSED or now >= message.last_at:
        return MessageState.DEAD
    return None
