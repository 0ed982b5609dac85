"""
Keeping messages: concurrent ones become one sealed row, one transaction, one fsync.

A batch is begun when the last one has ended; there is no timer. A batch whose COMMIT is in doubt is written again, so a
message may stand in two batches; its line names the first.
"""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Database, Transaction
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.hot_connection import HotConnection
from healthcloud.core.ids import new_id
from healthcloud.core.metrics import counter
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.bodies import sealed_body
from healthcloud.exchange.evidence.model import NOBODY, SALT_BYTES, Batch, Message, MessageLine, record_of
from healthcloud_reader.evidence import leaf, root_of

MOST_WAITING, MOST_AT_ONCE = 4_000, 256
KEPT = counter("healthcloud_evidence_messages", "Messages kept as evidence, by the face they came in at.", "face")


class _Kept(NamedTuple):
    id: UUID
    message: Message


class Evidence:
    """Keeps the messages of one process; close it to have what waits written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = HotConnection(database, name="healthcloud evidence")
        self._gatherer: Gatherer[_Kept, None] = Gatherer(
            self._write,
            key=lambda one: one.id,
            limit_queue=MOST_WAITING,
            limit_batch=MOST_AT_ONCE,
            limit_client=MOST_WAITING,
        )

    @property
    def is_full(self) -> bool:
        """Whether whoever keeps something now is refused."""
        return self._gatherer.is_full

    async def keep(self, message: Message) -> UUID:
        """Keep a message; return its number once it is durable. Raises Unavailable where that cannot be said."""
        kept = _Kept(new_id(), message)
        await self._gatherer.ask(kept)
        return kept.id

    async def close(self) -> None:
        """Write what waits, and take no more."""
        await self._gatherer.close()
        await self._connection.close()

    async def _write(self, kept: Sequence[_Kept]) -> list[None]:
        batch, lines = self._gathered(kept)

        async def write(tx: Transaction) -> None:
            await store.add_batch(tx, batch, lines)

        await self._connection.transact(write)
        for face, count in Counter(one.message.face for one in kept).items():
            KEPT.labels(face).inc(count)
        return [None] * len(kept)

    def _gathered(self, kept: Sequence[_Kept]) -> tuple[Batch, list[MessageLine]]:
        batch_id, made_at = new_id(), self._database.clock.now()
        salts = os.urandom(SALT_BYTES * len(kept))
        records = [
            record_of(one.id, salts[place * SALT_BYTES : (place + 1) * SALT_BYTES], one.message)
            for place, one in enumerate(kept)
        ]
        lines = [_line(one, batch_id, made_at, place) for place, one in enumerate(kept)]
        root = root_of([leaf(record) for record in records])
        body = sealed_body(self._database.vault, batch_id.bytes, records)
        return Batch(batch_id, made_at, len(kept), root, body), lines


def _line(kept: _Kept, batch_id: UUID, made_at: datetime, place: int) -> MessageLine:
    message, caller = kept.message, kept.message.caller
    return MessageLine(
        id=kept.id,
        at=message.at,
        institution_id=(caller.institution_id if caller else None) or NOBODY,
        client_id=caller.account_id if caller else None,
        face=message.face,
        method=message.method,
        request_id=message.request_id,
        outcome=message.outcome,
        batch_id=batch_id,
        batch_at=made_at,
        place=place,
    )
