"""Everything the database holds, as its owner sees it."""

import asyncpg


async def rows_of_every_table(owner_url: str) -> dict[str, str]:
    """Return each table's rows as PostgreSQL writes them: text as it is, bytes in hexadecimal."""
    connection = await asyncpg.connect(owner_url)
    try:
        names = await connection.fetch(
            """
            SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            """
        )
        return {
            name: "\n".join(row[0] for row in await connection.fetch(f"SELECT t::text FROM {name} AS t"))
            for (name,) in names
        }
    finally:
        await connection.close()
