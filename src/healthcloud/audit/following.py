"""Following the chain: deeds in the order they were sealed, for whoever counts or reacts to what happens."""

from dataclasses import dataclass
from datetime import datetime

from healthcloud.audit import store
from healthcloud.audit.model import Deed
from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class Sealed:
    """One block of the chain, and those of its deeds that are there, in the order they were sealed."""

    seq: int
    sealed_at: datetime
    deeds: list[Deed]


async def sealed_after(read: Read, seq: int, *, blocks: int = 50) -> list[Sealed]:
    """
    Return the next blocks after this number with their deeds.

    Here "after the last number" misses nothing, as it would anywhere else: a block is numbered one more than the newest
    committed one, so none appears before those below it.
    """
    found = await store.blocks_after(read, seq, blocks)
    subjects = [one for block in found for one in block.subject_ids]
    ats = [one for block in found for one in block.ats]
    ids = [one for block in found for one in block.deed_ids]
    deeds = {deed.id: deed for deed in await store.deeds_of_block(read, subjects, ats, ids)} if ids else {}
    return [
        Sealed(block.seq, block.sealed_at, [deeds[one] for one in block.deed_ids if one in deeds]) for block in found
    ]


async def last_sealed(read: Read) -> int:
    """Return the number of the block the chain ends with; 0 where nothing has been sealed."""
    return await store.last_number(read) or 0
