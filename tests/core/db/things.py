"""The table of things, as these tests use it."""

from healthcloud.core.db import Database

INSERT = "INSERT INTO core.things (key) VALUES ($1)"


async def keys_like(database: Database, key: str) -> list[str]:
    async with database.read() as read:
        return await read.values(str, "SELECT key FROM core.things WHERE key LIKE $1 || '%' ORDER BY key", key)
