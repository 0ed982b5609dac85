"""Signed heads of the chain in a file outside the database, so that a cut tail shows."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from healthcloud.core.crypto import Signature, Vault
from healthcloud.exchange.evidence.model import HEADS, Block, written
from healthcloud_reader.evidence import head_message

TAIL_BYTES = 8192  # a line and more


class SignedHead(msgspec.Struct, frozen=True):
    """One line of the file: the chain's length and head when its newest block was sealed, signed by the city."""

    seq: int
    head: str
    at: datetime
    key: str
    algorithm: str
    signature: str

    def is_genuine(self, vault: Vault) -> bool:
        """Tell whether the city signed this head."""
        signature = Signature(self.key, self.algorithm, bytes.fromhex(self.signature))
        return vault.verify(HEADS, head_message(self.seq, bytes.fromhex(self.head), written(self.at)), signature)


@dataclass(frozen=True, slots=True)
class HeadFile:
    """Signed heads as JSON lines, newest last; ship it off the machine as it grows."""

    path: Path

    def append(self, block: Block) -> None:
        """Append a block's head durably."""
        signed = SignedHead(
            block.seq, block.head.hex(), block.sealed_at, block.key, block.algorithm, block.signature.hex()
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(signed) + b"\n")
            file.flush()
            os.fsync(file.fileno())

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
