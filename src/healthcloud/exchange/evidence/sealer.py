"""The sealer of evidence: one at a time in the city (it holds a lease), it chains batches and signs each block."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from healthcloud.core.db import Database, Transaction
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.heads import HeadFile
from healthcloud.exchange.evidence.model import GENESIS, HEADS, Block

if TYPE_CHECKING:
    from datetime import datetime

BATCHES = 1_000


async def seal_batches(tx: Transaction) -> Block | None:
    """Link the oldest waiting batches into the next block and sign it, or return None when none wait."""
    waiting = await store.claim_unsealed(tx, BATCHES)
    if not waiting:
        return None
    last = await store.last_block(tx)
    bare = Block(
        seq=last.seq + 1 if last else 1,
        sealed_at=tx.clock.now(),
        batch_ids=[one.batch_id for one in waiting],
        made_ats=[one.made_at for one in waiting],
        roots=b"".join(one.root for one in waiting),
        previous=last.head if last else GENESIS,
        head=GENESIS,
        key="",
        algorithm="",
        signature=b"",
    )
    linked = replace(bare, head=bare.computed_head())
    signed = tx.vault.sign(HEADS, linked.signed)
    block = replace(linked, key=signed.key, algorithm=signed.algorithm, signature=signed.value)
    await store.add_block(tx, block)
    return block


class EvidenceSealer:
    """Seals what waits and exports the newest head at most every `export_seconds`."""

    def __init__(self, database: Database, heads: HeadFile, *, export_seconds: float = 10.0) -> None:
        self._database = database
        self._heads = heads
        self._export_seconds = export_seconds
        self._exported_at: datetime | None = None
        self._unexported: Block | None = None
        self._began = False

    async def seal(self) -> int:
        """Seal until nothing waits; return how many batches were sealed."""
        sealed = 0
        if not self._began:
            await self._take_up()
        while block := await self._database.transact(seal_batches):
            sealed += len(block.batch_ids)
            self._unexported = block
            await self._export_when_due()
        await self._export_when_due()
        return sealed

    async def export(self) -> None:
        """Export the newest head now, if it has not been."""
        if self._unexported is not None:
            self._exported_at = self._database.clock.now()
            await asyncio.to_thread(self._heads.append, self._unexported)
            self._unexported = None

    async def _take_up(self) -> None:
        """Export what a sealer that was killed had sealed and not exported."""
        async with self._database.read() as read:
            last = await store.last_block(read)
        newest = await asyncio.to_thread(self._heads.newest)
        if last is not None and (newest is None or newest.seq < last.seq):
            self._unexported = last
        self._began = True

    async def _export_when_due(self) -> None:
        last = self._exported_at
        if last is None or (self._database.clock.now() - last).total_seconds() >= self._export_seconds:
            await self.export()
