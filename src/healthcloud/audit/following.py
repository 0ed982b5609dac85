"""Following the chain: deeds in the order they were sealed, for whoever counts or reacts to what happens."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from healthcloud.audit import store
from healthcloud.audit.model import Block, Deed
from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class Sealed:
    """One block of the chain, and those of its deeds that are there, in the order they were sealed."""

    seq: int
    sealed_at: datetime
    deeds: list[Deed]


async def sealed_after(read: Read, seq: int, *, blocks: int = 200, deeds: int = 20_000) -> list[Sealed]:
    """
    Return the next blocks after this number with their deeds: at most `blocks`, and beyond the first about `deeds`.

    Here "after the last number" misses nothing, as it would anywhere else: a block is numbered one more than the newest
    committed one, so none appears before those below it.
    """
    found = _some(await store.blocks_after(read, seq, blocks), deeds)
    subjects = [one for block in found for one in block.subject_ids]
    ats = [one for block in found for one in block.ats]
    ids = [one for block in found for one in block.deed_ids]
    there = {deed.id: deed for deed in await store.deeds_of_block(read, subjects, ats, ids)} if ids else {}
    return [
        Sealed(block.seq, block.sealed_at, [there[one] for one in block.deed_ids if one in there]) for block in found
    ]


def _some(blocks: list[Block], deeds: int) -> list[Block]:
    """Return the first blocks that hold no more deeds than this, the first in any case."""
    upto = list(accumulate(len(block.deed_ids) for block in blocks))
    return blocks[: max(bisect_right(upto, deeds), 1)]


async def last_sealed(read: Read) -> int:
    """Return the number of the block the chain ends with; 0 where nothing has been sealed."""
    return await store.last_number(read) or 0
