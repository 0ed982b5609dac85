"""The manifest of how tables are spread, held against the migrated schema (docs/how-to/grow.md)."""

import tomllib
from dataclasses import dataclass
from typing import Any

import asyncpg
from guard.migrations import FOLDER

from healthcloud.core.postgres import Distribution

MANIFEST = FOLDER / "distribution.toml"


@dataclass(frozen=True, slots=True)
class Schema:
    """What the migrated schema holds: tables, the columns of every unique index, and things that may not be."""

    tables: set[str]
    unique: dict[str, list[tuple[str, tuple[str, ...]]]]
    triggers: list[str]
    extensions: list[str]
    sequences: list[str]
    foreign_keys: list[tuple[str, str, tuple[str, ...]]]
    types: dict[tuple[str, str], str]


def manifest() -> dict[str, dict[str, Any]]:
    """Return what the manifest says of each table."""
    return dict(tomllib.loads(MANIFEST.read_text()).get("tables", {}))


async def schema(connection: asyncpg.Connection) -> Schema:
    """Read the schema; partitions are left out, their parents speak for them."""
    tables = await connection.fetch(
        """
        SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public')
        """
    )
    indexes = await connection.fetch(
        """
        SELECT n.nspname || '.' || c.relname AS "table", i.relname AS name,
               array_agg(a.attname::text ORDER BY k.position) AS columns
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          CROSS JOIN LATERAL unnest(x.indkey::int[]) WITH ORDINALITY AS k (attribute, position)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attribute
         WHERE x.indisunique AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
         GROUP BY 1, 2
        """
    )
    unique: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in indexes:
        unique.setdefault(row["table"], []).append((row["name"], tuple(row["columns"])))
    foreign = await connection.fetch(
        """
        SELECT conrelid::regclass::text, confrelid::regclass::text,
               (SELECT array_agg(attname::text) FROM pg_catalog.pg_attribute
                 WHERE attrelid = conrelid AND attnum = ANY(conkey))
          FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conparentid = 0
        """
    )
    columns = await connection.fetch(
        """
        SELECT n.nspname || '.' || c.relname, a.attname::text, format_type(a.atttypid, a.atttypmod)
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND a.attnum > 0
        """
    )
    return Schema(
        tables={row[0] for row in tables},
        unique=unique,
        triggers=await _names(connection, "SELECT tgname FROM pg_catalog.pg_trigger WHERE NOT tgisinternal"),
        extensions=await _names(connection, "SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'"),
        sequences=await _names(connection, "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'S'"),
        foreign_keys=[(row[0], row[1], tuple(row[2])) for row in foreign],
        types={(row[0], row[1]): row[2] for row in columns},
    )


async def _names(connection: asyncpg.Connection, sql: str) -> list[str]:
    return [row[0] for row in await connection.fetch(sql)]


def faults(found: Schema, declared: dict[str, dict[str, Any]]) -> list[str]:
    """Tell where schema and manifest disagree, or the schema holds what can't be spread."""
    told = [f"{table}: not in distribution.toml" for table in sorted(found.tables - declared.keys())]
    told += [f"{table}: in distribution.toml, not in the schema" for table in sorted(declared.keys() - found.tables)]
    told += [f"trigger {name}" for name in found.triggers]
    told += [f"extension {name}" for name in found.extensions]
    told += [f"sequence {name}" for name in found.sequences]
    for table, entry in declared.items():
        ways = [way for way in ("by", "reference", "local") if way in entry]
        if len(ways) != 1:
            told.append(f"{table}: say one of by, reference or local")
        key = entry.get("by")
        for name, columns in found.unique.get(table, []):
            if key is not None and columns[0] != key:
                told.append(f"{table}: {name} begins with {columns[0]}, not with the distribution key {key}")
        if key is not None and not found.unique.get(table):
            told.append(f"{table}: no primary key")
    told += _foreign_key_faults(found, declared)
    return told


def group_faults(found: Schema, spread: Distribution) -> list[str]:
    """Tell where tables are to lie together that cannot: by keys of other types, or with one that is not spread."""
    told = [f"{key}: {anchor} is not spread" for key, anchor in spread.anchors.items() if anchor not in spread.keys]
    for table, key in spread.keys.items():
        anchor = spread.lies_with(table)
        if anchor is not None and anchor in spread.keys:
            ours, theirs = found.types.get((table, key)), found.types.get((anchor, spread.keys[anchor]))
            if ours != theirs:
                told.append(f"{table}: its {key} is {ours}, that of {anchor} {theirs}")
    for table, target, _ in found.foreign_keys:
        if table in spread.keys and target in spread.keys and spread.group_of(table) != spread.group_of(target):
            told.append(f"{table} → {target}: they do not lie together")
    return told


def _foreign_key_faults(found: Schema, declared: dict[str, dict[str, Any]]) -> list[str]:
    told = []
    for table, target, columns in found.foreign_keys:
        ours, theirs = declared.get(table, {}), declared.get(target, {})
        if "reference" in theirs or ("local" in ours and "local" in theirs):
            continue
        if "by" not in ours or "by" not in theirs or ours["by"] not in columns:
            told.append(f"{table} → {target}: a foreign key that crosses groups")
    return told
