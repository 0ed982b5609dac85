"""One message handed out for a dispute: with its Merkle path and the signed block, nothing of others but digests."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import PublicKey, Vault
from healthcloud.core.db import Transaction
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.bodies import opened_body
from healthcloud.exchange.evidence.deeds import OPENED
from healthcloud.exchange.evidence.errors import EvidenceDamaged, NotSealedYet
from healthcloud.exchange.evidence.model import HEADS, Block, written
from healthcloud.exchange.evidence.reads import find
from healthcloud_reader.evidence import EvidenceWrong, Parts, leaf, path_of, unpack, verify_export, write_export


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that is what was sealed, and its export."""

    id: UUID
    institution_id: UUID
    sealed_at: datetime
    seq: int
    about: dict[str, object]
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    export: bytes = field(repr=False)


async def export(tx: Transaction, caller: Caller, message_id: UUID) -> bytes:
    """Return one message as a file that anybody can prove; raises NoSuchMessage, NotSealedYet, EvidenceDamaged."""
    return (await opened(tx, caller, message_id)).export


async def opened(tx: Transaction, caller: Caller, message_id: UUID) -> Opened:
    """Open one message (scope exchange.evidence), which is a deed; `caller.reason` says why. Raises as `export`."""
    line = await find(tx, caller, message_id)
    batch = await store.batch(tx, line.batch_id, line.batch_at)
    records = opened_body(tx.vault, batch) if batch else None
    if batch is None or records is None or not 0 <= line.place < len(records):
        raise EvidenceDamaged
    block = await store.block_holding(tx, batch.id)
    if block is None:
        raise NotSealedYet(retry_after=2)
    record, place = records[line.place], block.batch_ids.index(batch.id)
    file = write_export(
        Parts(
            record=record,
            path=path_of([leaf(one) for one in records], line.place),
            batch_id=batch.id.bytes,
            batch_path=path_of(block.leaves(), place),
            previous=block.previous,
            seq=block.seq,
            sealed_at=written(block.sealed_at),
            signature=block.signature,
            key=_key_of(tx.vault, block),
        )
    )
    try:
        verify_export(file)
    except EvidenceWrong as fault:
        raise EvidenceDamaged(str(fault)) from fault
    about, request, answer = unpack(record)
    if about["id"] != message_id.hex:
        raise EvidenceDamaged
    detail = {"message": str(message_id), "face": line.face, "method": line.method}
    await audit.record(tx, caller, OPENED, line.institution_id, detail=detail)
    return Opened(message_id, line.institution_id, block.sealed_at, block.seq, about, request, answer, file)


def _key_of(vault: Vault, block: Block) -> PublicKey:
    """Return the key that signed a block; raise EvidenceDamaged where the city has no such key."""
    for trusted in vault.trust_list(HEADS):
        if trusted.public.id == block.key and trusted.public.algorithm == block.algorithm:
            return trusted.public
    raise EvidenceDamaged("signed by no key of the city")
