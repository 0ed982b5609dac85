"""
The sealer: one at a time in the whole city (it holds a lease), it links deeds into blocks in commit order.

The head of the chain is signed and written to a file outside the database, so that a cut tail shows.
"""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from healthcloud.audit import store
from healthcloud.audit.model import GENESIS, Block, link
from healthcloud.core.clock import Clock
from healthcloud.core.crypto import Signature, Vault
from healthcloud.core.db import Database, Transaction

BATCH = 2_000
TAIL_BYTES = 8192  # a line and more
PURPOSE = "audit.head"


class SignedHead(msgspec.Struct, frozen=True):
    """One line of the head file: the chain's length and head at an instant, signed by the city."""

    seq: int
    head: str
    at: datetime
    key: str
    algorithm: str
    signature: str

    @property
    def message(self) -> bytes:
        """What the signature is over."""
        return head_message(self.seq, self.head, self.at)


def head_message(seq: int, head: str, at: datetime) -> bytes:
    """Return the text a head's signature covers."""
    return f"healthcloud audit head\n{seq}\n{head}\n{at.isoformat()}\n".encode()


@dataclass(frozen=True, slots=True)
class HeadFile:
    """Signed heads as JSON lines, newest last; ship it off the machine as it grows."""

    path: Path

    def append(self, vault: Vault, block: Block, at: datetime) -> SignedHead:
        """Sign a block's head and append it durably."""
        head = block.head.hex()
        signature = vault.sign(PURPOSE, head_message(block.seq, head, at))
        signed = SignedHead(block.seq, head, at, signature.key, signature.algorithm, signature.value.hex())
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(signed) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return signed

    def heads(self) -> list[SignedHead]:
        """Return every head ever exported; a torn last line, cut by a crash, is left out."""
        if not self.path.exists():
            return []
        whole = self.path.read_bytes().rpartition(b"\n")[0]
        return [msgspec.json.decode(line, type=SignedHead) for line in whole.splitlines()]

    def newest(self) -> SignedHead | None:
        """Return the head exported last, from the end of the file."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            file.seek(max(self.path.stat().st_size - TAIL_BYTES, 0))
            lines = file.read().rpartition(b"\n")[0].splitlines()
        return msgspec.json.decode(lines[-1], type=SignedHead) if lines else None

    @staticmethod
    def is_genuine(vault: Vault, signed: SignedHead) -> bool:
        """Tell whether the city signed this head."""
        signature = Signature(signed.key, signed.algorithm, bytes.fromhex(signed.signature))
        return vault.verify(PURPOSE, signed.message, signature)


async def seal_batch(tx: Transaction) -> Block | None:
    """Link the oldest waiting deeds into the next block, or return None when none wait."""
    deeds = await store.claim_unsealed(tx, BATCH)
    if not deeds:
        return None
    last = await store.last_block(tx)
    block = link(
        deeds,
        seq=last.seq + 1 if last else 1,
        previous=last.head if last else GENESIS,
        sealed_at=tx.clock.now(),
    )
    await store.add_block(tx, block)
    return block


class Sealer:
    """Seals what waits and exports the head at most every `export_seconds`."""

    def __init__(self, database: Database, heads: HeadFile, *, export_seconds: float = 10.0) -> None:
        self._database = database
        self._heads = heads
        self._export_seconds = export_seconds
        self._exported_at: datetime | None = None
        self._unexported: Block | None = None
        self._began = False

    @property
    def _clock(self) -> Clock:
        return self._database.clock

    async def seal(self) -> int:
        """Seal until nothing waits; return how many deeds were sealed."""
        sealed = 0
        if not self._began:
            await self._take_up()
        while block := await self._database.transact(seal_batch):
            sealed += len(block.deed_ids)
            self._unexported = block
            await self._export_when_due()
        await self._export_when_due()
        return sealed

    async def _take_up(self) -> None:
        """Export what a sealer that was killed had sealed and not exported."""
        async with self._database.read() as read:
            last = await store.last_block(read)
        newest = await asyncio.to_thread(self._heads.newest)
        if last is not None and (newest is None or newest.seq < last.seq):
            self._unexported = last
        self._began = True

    async def export(self) -> None:
        """Sign and export the newest head now, if it has not been."""
        if self._unexported is None:
            return
        self._exported_at = self._clock.now()
        await asyncio.to_thread(self._heads.append, self._database.vault, self._unexported, self._exported_at)
        self._unexported = None

    async def _export_when_due(self) -> None:
        last = self._exported_at
        if last is None or (self._clock.now() - last).total_seconds() >= self._export_seconds:
            await self.export()
