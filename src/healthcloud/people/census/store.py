"""The statement that counts persons."""

from typing import NamedTuple

from healthcloud.core.db import Read


class ByLevel(NamedTuple):
    """How many persons are verified at a level."""

    level: int
    persons: int


async def persons_by_level(read: Read) -> list[ByLevel]:
    """Count all registrations that were not withdrawn, by level."""
    return await read.all(
        ByLevel, "SELECT level, count(*) AS persons FROM people.persons WHERE state <> 'withdrawn' GROUP BY level"
    )
