"""What a source said, version by version."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from healthcloud.core.db import Read
from healthcloud.index.matching import Content
from healthcloud.index.model import CONTENT
from healthcloud.index.records.model import Record, sealed_for
from healthcloud.index.records.versions import store

_DECODER = msgspec.msgpack.Decoder(Content)


@dataclass(frozen=True, slots=True)
class Version:
    """What a record said, and since when."""

    version: int
    content: Content
    received_at: datetime


async def versions_of(read: Read, record: Record) -> list[Version]:
    """Return every version of a record, the present one first, at most 500 former ones."""
    rows = await store.former_versions(read, record.id)
    former = [Version(row.version, _DECODER.decode(_opened(read, record, row)), row.received_at) for row in rows]
    return [Version(record.version, record.content, record.received_at), *former]


def _opened(read: Read, record: Record, row: store.VersionRow) -> bytes:
    return read.vault.open(CONTENT, sealed_for(record.id, row.version), row.content_sealed)
