"""Verifying the chain: what was altered, removed, reordered or cut off, and which line it was."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal
from uuid import UUID

from healthcloud.audit import store
from healthcloud.audit.model import GENESIS, Block, Deed, digest_of, head_of
from healthcloud.audit.sealer import HeadFile, SignedHead
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Read

FindingKind = Literal[
    "altered",  # a deed no longer says what was sealed
    "removed",  # a sealed deed is gone
    "reordered",  # a block's deeds do not stand in the order they were sealed in
    "block-altered",  # a block does not match its own head
    "block-removed",  # a number is missing in the chain, or a block does not continue the one before it
    "cut-off",  # the chain ends before, or differs from, a head that was signed and exported
    "head-forged",  # an exported head the city did not sign
    "unsealed",  # a deed written behind the sealer's back
]
PAGE = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: in which block, at which line of it (from 1), which deed."""

    kind: FindingKind
    seq: int | None = None
    line: int | None = None
    deed_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked and what was found; sound when `findings` is empty."""

    blocks: int
    deeds: int
    heads: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings


async def verify_chain(
    read: Read, vault: Vault, heads: HeadFile, *, progress: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Walk the whole chain, then the exported heads; `progress` is told how many deeds have been checked."""
    exported = heads.heads()
    findings: list[Finding] = []
    known_heads: dict[int, str] = {}
    wanted = {signed.seq for signed in exported}
    blocks = deeds = seq = 0
    previous = GENESIS
    while page := await store.blocks_after(read, seq, PAGE):
        for block in page:
            findings += _continues(block, seq, previous)
            findings += await _block_findings(block, lambda b: _stored_deeds(read, b))
            seq, previous = block.seq, block.head
            blocks, deeds = blocks + 1, deeds + len(block.deed_ids)
            if block.seq in wanted:
                known_heads[block.seq] = block.head.hex()
            progress(deeds)
    findings += _head_findings(vault, exported, known_heads)
    findings += [Finding("unsealed", deed_id=i) for i in await store.deeds_in_no_block(read, PAGE)]
    return Verdict(blocks, deeds, len(exported), findings)


async def _stored_deeds(read: Read, block: Block) -> dict[UUID, Deed]:
    found = await store.deeds_of_block(read, block.subject_ids, block.ats, block.deed_ids)
    return {deed.id: deed for deed in found}


def _continues(block: Block, seq: int, previous: bytes) -> list[Finding]:
    if block.seq == seq + 1 and block.previous == previous:
        return []
    return [Finding("block-removed", seq=seq + 1)]


async def _block_findings(block: Block, stored: Callable[[Block], Awaitable[dict[UUID, Deed]]]) -> list[Finding]:
    findings: list[Finding] = []
    if head_of(block.seq, block.previous, block.deed_ids, block.digests) != block.head:
        findings += _reordered(block) or [Finding("block-altered", seq=block.seq)]
    deeds = await stored(block)
    for position, deed_id in enumerate(block.deed_ids):
        deed = deeds.get(deed_id)
        if deed is None:
            findings.append(Finding("removed", block.seq, position + 1, deed_id))
        elif digest_of(deed) != block.digest(position):
            findings.append(Finding("altered", block.seq, position + 1, deed_id))
    return findings


def _reordered(block: Block) -> list[Finding]:
    """Return the first line out of the sealing order (time, then id), if the block was reordered."""
    keys = list(zip(block.ats, block.deed_ids, strict=True))
    for position, (before, after) in enumerate(pairwise(keys)):
        if after < before:
            return [Finding("reordered", block.seq, position + 2, block.deed_ids[position + 1])]
    return []


def _head_findings(vault: Vault, exported: Sequence[SignedHead], known: dict[int, str]) -> list[Finding]:
    findings = [Finding("head-forged", seq=s.seq) for s in exported if not HeadFile.is_genuine(vault, s)]
    broken = [s.seq for s in exported if known.get(s.seq) != s.head]
    return findings + [Finding("cut-off", seq=seq) for seq in broken[:1]]
