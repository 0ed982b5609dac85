"""
How statements find their rows: by an index, however small the tables are today.

The plan is the generic one on the migrated schema, under the hot connection's settings: a table is read through only
where no index helps. On a connection of the pool a small table may be read through all the same; once it has grown,
the index is there.
"""

import re
from collections.abc import Iterator
from typing import Any

import asyncpg
from guard.statements import PACKAGE, Statement, plan_of, statements_of, stores

FIRST_COLUMNS = """
SELECT n.nspname || '.' || c.relname, array_agg(pg_get_indexdef(i.indexrelid, 1, true))
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 GROUP BY n.nspname, c.relname
"""

# Of two plans for tables that look small take the one that visits fewer rows, as it will be once they have grown.
COSTS = {"random_page_cost": "0.01", "seq_page_cost": "0.01", "cpu_tuple_cost": "1", "cpu_index_tuple_cost": "1"}

# Statements that read a table through, and why that is right.
READING_THROUGH = {
    "exchange/outward/tidying/store.py bury_untried": "a job looks through what waits, every ten minutes",
    "exchange/outward/store.py due": "a few hundred addresses, each asked by an index for what is due",
    "exchange/outward/endpoints/store.py secrets": "a few hundred addresses, looked through by a job each hour",
    "exchange/outward/tidying/store.py depths": "the dispatcher counts what waits, by an index of what waits only",
    "exchange/outward/tidying/store.py circuits": "the few institutions that do not answer",
    "sandbox/store.py forget_calls": "a sandbox is emptied whole",
    "sandbox/store.py forget_switches": "a handful of switches",
    "sandbox/store.py switches": "a handful of switches",
    "province/store.py enrolled": "a few hundred institutions",
    "onboarding/store.py every_application": "one for each institution, looked through by a job each hour",
    "exchange/held/store.py counts": "an operator counts what waits, by an index of what waits only",
    "cards/census/store.py cards_by_status": "a check of the figures counts every card",
    "cards/census/store.py changes_by_kind": "the same",
    "cards/census/store.py uses_by_place": "the same, of every use",
    "figures/checking/store.py sums_of_lines": "the same, of every line",
    "figures/checking/store.py holders_by_month": "the same, of every holder whose card was used",
    "people/census/store.py persons_by_level": "the same, of every person",
    "figures/shown/store.py districts": "a few thousand institutions, counted by district",
    "institutions/directory/store.py every_open": "a few thousand institutions, searched by what people remember",
    "figures/store.py current": "a handful of rows",
    "access/clients/store.py keys": "an institution has few keys; administrators look at them",
    "access/staff/invitations/store.py forget_invitations": "a few rows, looked through by a job",
    "audit/store.py deeds_in_no_block": "`healthcloud audit verify` compares everything",
    "exchange/evidence/store.py batches_in_no_block": "`healthcloud exchange check` compares everything",
    "core/background/store.py outbox_states": "the outbox is nearly empty; if not, that is what is asked",
    "core/background/schedule/store.py schedules": "a row for each recurring job",
    "core/background/standing/store.py standing_states": "`healthcloud jobs list` counts every job",
    "core/background/store.py job_states": "queues are short; if not, that is what is asked",
    "core/partitions/store.py partitioned": "a row for each partitioned table",
    "core/partitions/store.py present": "the same",
    "institutions/codes/store.py sets_in_force": "a row for each version of a code set",
    "index/quality/store.py tally_records": "an hourly job counts every record, so that no look does",
    "index/quality/store.py tally_questions": "the same, of the questions in hand",
    "index/quality/store.py ages_by_source": "the same",
    "index/quality/store.py ages_of_all": "the same",
    "index/quality/store.py draw": "the same, of the records linked since the last time",
    "index/quality/store.py tally_samples": "the same, of one link in two hundred",
    "index/quality/store.py every_count": "a row for each institution",
    "index/learning/store.py live": "a handful of rows",
    "index/learning/store.py versions": "a handful of rows",
    "core/background/store.py dead_states": "dead jobs are few, and looked at by people",
}


def every_statement() -> list[tuple[str, Statement]]:
    """Return each statement with its short name, `people/seen/store.py seen_at`."""
    return [
        (f"{path.relative_to(PACKAGE)} {statement.function}", statement)
        for path in stores()
        for statement in statements_of(path)[0]
    ]


async def first_columns(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """Return what each table's indexes begin with."""
    return {row[0]: row[1] for row in await connection.fetch(FIRST_COLUMNS)}


async def read_through(connection: asyncpg.Connection, sql: str, firsts: dict[str, list[str]]) -> set[str]:
    """Return the tables this statement would read from end to end, as they are or by an index that helps nothing."""
    return set(_read_through(await plan_of(connection, sql), firsts, limited=False))


def _read_through(node: dict[str, Any], firsts: dict[str, list[str]], *, limited: bool) -> Iterator[str]:
    """Follow a plan; beneath a limit an index may be walked in its order, whatever it is asked for."""
    kind = node["Node Type"]
    if kind == "Seq Scan" or (kind.startswith("Index") and not limited and not _leads(node, firsts)):
        yield f"{node['Schema']}.{node['Relation Name']}"
    for inner in node.get("Plans", ()):
        # What sorts, gathers or joins reads everything beneath it, limit or not.
        passes_on = kind in ("Limit", "LockRows", "Append", "Merge Append", "Result", "Subquery Scan")
        yield from _read_through(inner, firsts, limited=passes_on and (limited or kind == "Limit"))


def _leads(node: dict[str, Any], firsts: dict[str, list[str]]) -> bool:
    """Tell whether an index is entered by a first column: this one's, or another's that a grown table will take."""
    columns = firsts.get(f"{node.get('Schema')}.{node.get('Relation Name')}", [])
    condition = node.get("Index Cond", "")
    return any(re.search(rf"\b{re.escape(column)}\b", condition) for column in columns)
