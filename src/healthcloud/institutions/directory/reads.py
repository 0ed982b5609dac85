"""Looking an institution up by what people remember of it."""

from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.institutions.directory import store
from healthcloud.institutions.directory.model import DirectoryWish, Listed, fits

MAX_PAGE = 200
FIRST = (-1000, UUID(int=0))


async def search_directory(
    read: Read, wish: DirectoryWish, *, after: tuple[int, UUID] = FIRST, limit: int = 50
) -> list[Listed]:
    """Return open institutions that fit, the highest level first; the next page starts after the last one's place."""
    found = [one for one in await store.every_open(read) if fits(one, wish) and one.place > after]
    return sorted(found, key=lambda one: one.place)[: min(limit, MAX_PAGE)]
