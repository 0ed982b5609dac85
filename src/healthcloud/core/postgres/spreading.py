"""
Spreading the schema over the nodes of a Citus cluster, as `migrations/distribution.toml` says.

Each step is a transaction of its own and is left out where it has been done, so that whoever was interrupted begins
again. Foreign keys of tables still to be spread are taken off first, which spreading would refuse or check row by row;
they are kept in core.foreign_keys_away until they are back and validated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from healthcloud.core.postgres.manifest import Distribution

_KEYS = """
SELECT n.nspname || '.' || c.relname AS relation, o.conname AS name, pg_get_constraintdef(o.oid) AS definition,
       c.relkind = 'p' AS partitioned
  FROM pg_catalog.pg_constraint o
  JOIN pg_catalog.pg_class c ON c.oid = o.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class f ON f.oid = o.confrelid
  JOIN pg_catalog.pg_namespace m ON m.oid = f.relnamespace
 WHERE o.contype = 'f' AND o.conparentid = 0
   AND (n.nspname || '.' || c.relname = ANY($1) OR m.nspname || '.' || f.relname = ANY($1))
 ORDER BY 1, 2
"""
_AWAY = """
SELECT a.relation, a.name, a.definition, c.relkind = 'p' AS partitioned
  FROM core.foreign_keys_away a
  JOIN pg_catalog.pg_namespace n ON n.nspname = split_part(a.relation, '.', 1)
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = split_part(a.relation, '.', 2)
 ORDER BY 1, 2
"""
# The view's schema is another one in each version of Citus; all are on the search path.
_SPREAD = """
SELECT n.nspname || '.' || c.relname
  FROM citus_tables t
  JOIN pg_catalog.pg_class c ON c.oid = t.table_name
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
"""


class Citus(StrEnum):
    """Whether the extension is there."""

    READY = "ready"
    AVAILABLE = "available"  # CREATE EXTENSION has not been run in this database
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction."""

    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    relation: str
    name: str
    definition: str
    partitioned: bool


async def citus_of(connection: asyncpg.Connection) -> Citus:
    """Tell whether Citus is in this database."""
    if await connection.fetchval("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus'"):
        return Citus.READY
    if await connection.fetchval("SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'citus'"):
        return Citus.AVAILABLE
    return Citus.ABSENT


async def steps_to_spread(connection: asyncpg.Connection, wanted: Distribution, *, citus: Citus) -> list[Step]:
    """Return what is still to be done, in order; all of it where Citus is not there to say what has been done."""
    done = {row[0] for row in await connection.fetch(_SPREAD)} if citus is Citus.READY else set()
    to_copy = [table for table in wanted.reference if table not in done]
    to_spread = [table for table in wanted.in_order() if table not in done]
    crossing = [_Key(*row) for row in await connection.fetch(_KEYS, [*to_copy, *to_spread])]
    away = [_Key(*row) for row in await connection.fetch(_AWAY)]
    return [
        *(_taken_off(key) for key in crossing),
        *(Step((f"SELECT create_reference_table({_text(table)})",)) for table in to_copy),
        *(_spread(table, wanted) for table in to_spread),
        *(_put_back(key) for key in sorted({*crossing, *away}, key=lambda key: (key.relation, key.name))),
    ]


async def spread(connection: asyncpg.Connection, steps: Sequence[Step], say: Callable[[Step], None]) -> None:
    """Carry the steps out, each in a transaction of its own."""
    for step in steps:
        say(step)
        async with connection.transaction():
            for statement in step.statements:
                await connection.execute(statement)


def _taken_off(key: _Key) -> Step:
    values = ", ".join(map(_text, (key.relation, key.name, key.definition)))
    return Step(
        (
            f"INSERT INTO core.foreign_keys_away (relation, name, definition) VALUES ({values})",
            f"ALTER TABLE {key.relation} DROP CONSTRAINT {key.name}",
        )
    )


def _spread(table: str, wanted: Distribution) -> Step:
    beside = wanted.lies_with(table) or "none"
    arguments = f"{_text(table)}, {_text(wanted.keys[table])}, colocate_with => {_text(beside)}"
    return Step((f"SELECT create_distributed_table({arguments})",))


def _put_back(key: _Key) -> Step:
    add = f"ALTER TABLE {key.relation} ADD CONSTRAINT {key.name} {key.definition}"
    # PostgreSQL knows no NOT VALID for a partitioned table.
    adding = (
        (add,)
        if key.partitioned
        else (f"{add} NOT VALID", f"ALTER TABLE {key.relation} VALIDATE CONSTRAINT {key.name}")
    )
    forgotten = f"relation = {_text(key.relation)} AND name = {_text(key.name)}"
    return Step((*adding, f"DELETE FROM core.foreign_keys_away WHERE {forgotten}"))


def _text(value: str) -> str:
    """Write a literal."""
    return "'" + value.replace("'", "''") + "'"
