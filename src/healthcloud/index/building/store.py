"""The statement about which persons are in the index already."""

from uuid import UUID

from healthcloud.core.db import Read


async def there_between(read: Read, after: UUID, upto: UUID, city: UUID) -> list[UUID]:
    """Return the city's records after one id up to another."""
    return await read.values(
        UUID,
        "SELECT id FROM index.records WHERE id > $1 AND id <= $2 AND source_id = $3",
        after,
        upto,
        city,
    )
