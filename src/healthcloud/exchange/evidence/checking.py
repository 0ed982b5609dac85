"""Checking the whole chain: what was altered, removed, reordered or cut off, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from healthcloud.core.crypto import Signature, Vault
from healthcloud.core.db import Read
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.bodies import opened_body
from healthcloud.exchange.evidence.heads import HeadFile, SignedHead
from healthcloud.exchange.evidence.model import GENESIS, HEADS, NOBODY, Block, MessageLine
from healthcloud_reader.evidence import unpack

PAGE = 20

FindingKind = Literal[
    "altered",  # a batch no longer holds the messages that were sealed, or holds them in another order
    "removed",  # a sealed batch is gone before its time
    "line-altered",  # a message's line says something else than the message
    "line-removed",  # a message has no line
    "block-altered",  # a block does not fit its own head, or its signature is not the city's
    "block-removed",  # a number is missing in the chain, or a block does not continue the one before it
    "cut-off",  # the chain ends before, or differs from, a head that was exported
    "head-forged",  # an exported head the city did not sign
    "unsealed",  # a batch written behind the sealer's back
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: in which block, which batch of it, which message."""

    kind: FindingKind
    seq: int | None = None
    batch_id: UUID | None = None
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked and what was found; sound when `findings` is empty. `expired` batches were past their time."""

    blocks: int
    batches: int
    messages: int
    heads: int
    expired: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings


async def check(read: Read, vault: Vault, heads: HeadFile, *, kept_since: datetime) -> Verdict:
    """Walk the whole chain, then the exported heads; a batch made before `kept_since` may be gone."""
    exported, findings, known = heads.heads(), list[Finding](), dict[int, str]()
    blocks = batches = messages = expired = seq = 0
    previous = GENESIS
    while page := await store.blocks_after(read, seq, PAGE):
        for block in page:
            findings += _block_findings(vault, block, seq, previous)
            seq, previous = block.seq, block.head
            known[block.seq] = block.head.hex()
            blocks, batches = blocks + 1, batches + len(block.batch_ids)
            for place in range(len(block.batch_ids)):
                found = await _batch_findings(read, vault, block, place)
                if found.is_gone and block.made_ats[place] < kept_since:
                    expired += 1
                    continue
                messages += found.messages
                findings += found.findings
    findings += _head_findings(vault, exported, known)
    findings += [Finding("unsealed", batch_id=one) for one in await store.batches_in_no_block(read, PAGE)]
    return Verdict(blocks, batches, messages, len(exported), expired, findings)


def _block_findings(vault: Vault, block: Block, seq: int, previous: bytes) -> list[Finding]:
    findings = []
    if block.seq != seq + 1 or block.previous != previous:
        findings.append(Finding("block-removed", seq + 1))
    signature = Signature(block.key, block.algorithm, block.signature)
    if block.computed_head() != block.head or not vault.verify(HEADS, block.signed, signature):
        findings.append(Finding("block-altered", block.seq))
    return findings


@dataclass(frozen=True, slots=True)
class _Found:
    messages: int = 0
    is_gone: bool = False
    findings: list[Finding] = field(default_factory=list)


async def _batch_findings(read: Read, vault: Vault, block: Block, place: int) -> _Found:
    batch_id = block.batch_ids[place]
    batch = await store.batch(read, batch_id, block.made_ats[place])
    if batch is None:
        return _Found(is_gone=True, findings=[Finding("removed", block.seq, batch_id)])
    records = opened_body(vault, batch)
    if records is None or batch.root != block.root(place):
        return _Found(findings=[Finding("altered", block.seq, batch_id)])
    told = [unpack(record)[0] for record in records]
    ids = [UUID(one["id"]) for one in told]
    lines = {one.id: one for one in await store.lines(read, ids, [datetime.fromisoformat(one["at"]) for one in told])}
    findings = []
    for about, message_id in zip(told, ids, strict=True):
        line = lines.get(message_id)
        if line is None:
            findings.append(Finding("line-removed", block.seq, batch_id, message_id))
        elif _said(line) != _sealed(about):
            findings.append(Finding("line-altered", block.seq, batch_id, message_id))
    return _Found(len(records), findings=findings)


def _said(line: MessageLine) -> tuple[str | None, ...]:
    client = line.client_id.hex if line.client_id else None
    return line.institution_id.hex, client, line.face, line.method, line.request_id, line.outcome


def _sealed(about: dict[str, str]) -> tuple[str | None, ...]:
    institution = about.get("institution", NOBODY.hex)
    return institution, about.get("client"), about["face"], about["method"], about["request_id"], about["outcome"]


def _head_findings(vault: Vault, exported: Sequence[SignedHead], known: dict[int, str]) -> list[Finding]:
    findings = [Finding("head-forged", one.seq) for one in exported if not one.is_genuine(vault)]
    broken = [one.seq for one in exported if known.get(one.seq) != one.head]
    return findings + [Finding("cut-off", seq) for seq in broken[:1]]
