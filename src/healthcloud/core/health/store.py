"""What health asks the database."""

from healthcloud.core.db import Read


async def answers(read: Read) -> int | None:
    """Return 1: the database takes a connection and a statement."""
    return await read.value(int, "SELECT 1 AS answer")
