"""The statements about which persons are in the index already, and whether anybody else has said anything."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


async def there_between(read: Read, after: UUID, upto: UUID, city: UUID) -> list[UUID]:
    """Return the city's records after one id up to another."""
    return await read.values(
        UUID,
        "SELECT id FROM index.records WHERE id > $1 AND id <= $2 AND source_id = $3",
        after,
        upto,
        city,
    )


async def any_received(read: Read) -> bool:
    """Tell whether any institution has said anything of anybody."""
    first = await read.value(UUID, "SELECT source_id FROM index.record_numbers ORDER BY source_id, number LIMIT 1")
    return first is not None


async def compare_between(tx: Transaction, after: UUID, upto: UUID, city: UUID, since: datetime) -> None:
    """Have those of the city's records after one id up to another that were written since wait to be compared."""
    await tx.run(
        """
        UPDATE index.records
           SET state = 'waiting', placed_at = NULL
         WHERE id > $1 AND id <= $2 AND source_id = $3 AND state = 'placed' AND outcome IS NULL AND received_at >= $4
        """,
        after,
        upto,
        city,
        since,
    )
