"""For how many months partitioned tables keep their rows: the owner's to say, never the application's."""

from collections.abc import Mapping

import asyncpg


async def keep_for(owner_url: str, months: Mapping[str, int]) -> None:
    """Have these tables of core.partitioned keep their rows for so many months."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute(
            """
            UPDATE core.partitioned AS p SET keep_months = n.months
              FROM unnest($1::text[], $2::integer[]) AS n (parent, months)
             WHERE p.parent = n.parent AND p.keep_months IS DISTINCT FROM n.months
            """,
            list(months),
            list(months.values()),
        )
    finally:
        await connection.close()
