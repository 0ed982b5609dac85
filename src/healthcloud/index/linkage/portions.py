"""The index in portions, each opened and encoded at once: what leaves here is tokens."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from healthcloud import people
from healthcloud.core.db import Database, Read
from healthcloud.index.linkage import store
from healthcloud.index.linkage.encoding import Encoder
from healthcloud.index.matching import Content, features_of
from healthcloud.index.model import CONTENT
from healthcloud.index.records.model import sealed_for

PORTION = 5_000
_IDS_AT_ONCE = 50_000
_FIRST = UUID(int=0)

Stretch = tuple[UUID, UUID]  # ids after the one, up to the other
_CONTENTS = msgspec.msgpack.Decoder(Content)


async def stretches(database: Database) -> AsyncIterator[Stretch]:
    """Part the index into stretches of PORTION records."""
    after, last = _FIRST, _FIRST
    while True:
        async with database.read() as read:
            ids = await store.ids_after(read, after, _IDS_AT_ONCE)
        for place in range(0, len(ids), PORTION):
            upto = ids[min(place + PORTION, len(ids)) - 1]
            yield last, upto
            last = upto
        if len(ids) < _IDS_AT_ONCE:
            return
        after = ids[-1]


async def encoded(read: Read, encoder: Encoder, stretch: Stretch) -> bytes:
    """Return a stretch's records as rows of tokens; a record's person is whom they resolve to."""
    rows = await store.between(read, *stretch)
    whose = await people.resolved(read, {row.person_id for row in rows if row.person_id})
    made = bytearray()
    for row in rows:
        content = _CONTENTS.decode(read.vault.open(CONTENT, sealed_for(row.id, row.version), row.content_sealed))
        person = whose.get(row.person_id) if row.person_id else None
        made += encoder.row(row.id, person.person_id if person else None, features_of(content))
    return bytes(made)
