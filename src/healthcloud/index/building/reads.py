"""Which ranges of persons there are to build over."""

from uuid import UUID

from healthcloud import people
from healthcloud.core.db import Read

RANGE = 20_000  # persons, one transaction: in so many blocks, sorted by their keys, neighbours share pages


async def count_persons(read: Read) -> int:
    """Return how many persons there are; reads them all."""
    return sum((await people.persons_by_level(read)).values())


async def next_range(read: Read, after: UUID) -> UUID | None:
    """Return where the range of persons after this one ends; None when there are no more."""
    return await people.loading.last_of(read, after, RANGE)
