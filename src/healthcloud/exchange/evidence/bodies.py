"""The body of a batch: records compressed and sealed for its row, and opened again."""

import zlib
from collections.abc import Sequence

from healthcloud.core.crypto import SealBroken, Vault
from healthcloud.exchange.evidence.model import BODIES, Batch, joined, parted
from healthcloud_reader.evidence import leaf, root_of

_FAST = 1


def sealed_body(vault: Vault, batch_id: bytes, records: Sequence[bytes]) -> bytes:
    """Return what is stored of these records."""
    return vault.seal(BODIES, batch_id, zlib.compress(joined(records), _FAST))


def opened_body(vault: Vault, batch: Batch) -> list[bytes] | None:
    """Return a batch's records; None where they are not those that were sealed."""
    try:
        records = parted(zlib.decompress(vault.open(BODIES, batch.id.bytes, batch.body_sealed)))
    except (SealBroken, zlib.error):
        return None
    is_whole = records and len(records) == batch.messages and root_of([leaf(one) for one in records]) == batch.root
    return records if is_whole else None
