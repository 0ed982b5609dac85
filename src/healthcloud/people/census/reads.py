"""Counting persons; who may see a number is for whoever asks to decide."""

from healthcloud.core.db import Read
from healthcloud.people.census import store


async def persons_by_level(read: Read) -> dict[int, int]:
    """Count registrations by `model.Level`, from the rows themselves; withdrawn ones are none. Reads them all."""
    return {one.level: one.persons for one in await store.persons_by_level(read)}
