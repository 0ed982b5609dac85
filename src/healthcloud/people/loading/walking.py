"""Walking over everybody in the order of their ids, for who builds something over all persons."""

from collections.abc import Collection
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.people.loading import store
from healthcloud.people.model import FACE
from healthcloud.people.seen.model import Face, unpack


async def last_of(read: Read, after: UUID, count: int) -> UUID | None:
    """Return the last of the next so many persons after an id; None when there are no more."""
    return await store.last_of(read, after, count)


async def faces_between(
    read: Read, after: UUID, upto: UUID, without: Collection[UUID] = frozenset()
) -> list[tuple[UUID, Face]]:
    """Return the faces of persons after one id up to another: canonical ones, nobody withdrawn, none of these."""
    rows = [row for row in await store.faces_between(read, after, upto) if row.id not in without]
    return [(row.id, unpack(read.vault.open(FACE, row.id.bytes, row.face_sealed))) for row in rows]
