"""
What a load of many rows asks of the server besides its own statements: room for its log, fresh statistics, sizes.

Rows go to random places of large indexes, and each page that is touched for the first time after a checkpoint is
written to the log whole. A log that may grow until the load is over saves most of that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from healthcloud.core.postgres.server import EmbeddedPostgres

# An odd number, by which a limit that a killed load left behind is known from an administrator's own.
ROOM_MIB = 32_001


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table with its partitions: how many rows PostgreSQL believes it has, bytes of the table and of its indexes."""

    name: str
    rows: int
    table: int
    indexes: int


@asynccontextmanager
async def room_for_log(embedded: EmbeddedPostgres) -> AsyncIterator[None]:
    """
    Let the log grow to 16 GB without a checkpoint, and make one at the end.

    A limit that an administrator set by ALTER SYSTEM stays as it is.
    """
    connection = await asyncpg.connect(embedded.superuser_url)
    try:
        theirs = await connection.fetchval(
            """
            SELECT count(*) FROM pg_file_settings
             WHERE name = 'max_wal_size' AND sourcefile LIKE '%postgresql.auto.conf' AND setting <> $1
            """,
            f"{ROOM_MIB}MB",
        )
        if theirs:
            yield
            return
        await connection.execute(f"ALTER SYSTEM SET max_wal_size = '{ROOM_MIB}MB'")
        await connection.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            await connection.execute("ALTER SYSTEM RESET max_wal_size")
            await connection.execute("SELECT pg_reload_conf()")
            await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()


async def analyze(owner_url: str, *, vacuum: bool = False) -> None:
    """
    Sample every table that holds rows anew, so that the next plan is made for what is there.

    Empty ones are left alone. Of a month to come that was never looked at PostgreSQL expects rows; were it known to be
    empty, reading it through would look cheaper than any index, and lists over months would be sorted, not walked.
    """
    connection = await asyncpg.connect(owner_url)
    try:
        tables = await connection.fetch(
            """
            SELECT format('%I.%I', n.nspname, c.relname) AS name
              FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND pg_relation_size(c.oid) > 0
               AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            """
        )
        names = ", ".join(row["name"] for row in tables)
        if names:
            await connection.execute(f"{'VACUUM (ANALYZE)' if vacuum else 'ANALYZE'} {names}", timeout=600)
    finally:
        await connection.close()


async def table_sizes(url: str) -> list[TableSize]:
    """Return every table's size, the largest first."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            """
            SELECT n.nspname || '.' || root.relname AS name,
                   sum(greatest(part.reltuples, 0))::bigint AS rows,
                   sum(pg_table_size(part.oid))::bigint AS table,
                   sum(pg_indexes_size(part.oid))::bigint AS indexes
              FROM pg_class AS root
              JOIN pg_namespace AS n ON n.oid = root.relnamespace
             CROSS JOIN LATERAL (SELECT root.oid UNION SELECT relid FROM pg_partition_tree(root.oid)) AS tree (oid)
              JOIN pg_class AS part ON part.oid = tree.oid AND part.relkind = 'r'
             WHERE root.relkind IN ('r', 'p') AND NOT root.relispartition
               AND n.nspname NOT IN ('pg_catalog', 'information_schema')
             GROUP BY n.nspname, root.relname
            """
        )
    finally:
        await connection.close()
    return sorted((TableSize(*row) for row in rows), key=lambda one: (-one.table - one.indexes, one.name))
