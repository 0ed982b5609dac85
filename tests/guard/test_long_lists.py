"""A person's own lists and a desk's last scans read about as much as they show, however long they have become."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from fixtures.databases import copied
from guard.plans import every_statement

from healthcloud.core.postgres import analyze

SHOWN = 21
LINES = 20_000
# What each line read may come to for one that is shown: a filter passes some over, a page knows of one more.
TIMES = 5
ONE = "01900000-0000-7000-8000-000000000001"
NEVER = "'9999-01-01+00', '00000000-0000-0000-0000-000000000000'"

# By statement: what it is asked for. The person and the desk have many lines, and so have others.
LISTS = {
    "audit/store.py deeds_about": f"'{ONE}', {NEVER}, {SHOWN}, NULL, NULL, NULL",
    "cards/desk/store.py newest": f"'{ONE}', {SHOWN}, '2000-01-01+00'",
}
# A count for a badge ends at its most.
COUNTS = {
    "audit/store.py count_about": f"ARRAY['{ONE}']::uuid[], '2000-01-01+00', ARRAY['people.opened'], '{ONE}', {SHOWN}"
}


@pytest.fixture(scope="module", params=["as counted", "since counted"])
async def grown(postgres: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[asyncpg.Connection]:
    """Long lists of one among short ones of many, in this month and in the last; the planner knows of them or not."""
    async with copied(postgres) as copy:
        connection = await asyncpg.connect(copy.owner_url)
        if request.param == "as counted":
            await connection.execute(filled(f"CASE WHEN n % 2 = 0 THEN '{ONE}' ELSE gen_random_uuid() END"))
            await analyze(copy.owner_url)
        else:
            await connection.execute(filled("gen_random_uuid()"))
            await analyze(copy.owner_url)
            await connection.execute(filled(f"'{ONE}'"))
        yield connection
        await connection.close()


def filled(whose: str) -> str:
    return f"""
        INSERT INTO audit.deeds (subject_id, at, id, deed, actor_kind, actor_id, outcome, detail)
        SELECT {whose}, date_trunc('month', now()) - interval '5 days' + n * interval '40 seconds', gen_random_uuid(),
               'people.opened', 'staff', gen_random_uuid(), 'done', '{{}}'
          FROM generate_series(1, {LINES}) AS n;
        INSERT INTO cards.desk_scans (terminal_id, at, id, account_id, outcome)
        SELECT {whose}, now() - n * interval '1 second', gen_random_uuid(), gen_random_uuid(), 'taken'
          FROM generate_series(1, {LINES}) AS n
        """


@pytest.mark.parametrize("planned", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("name", [*LISTS, *COUNTS])
async def test_a_long_list_is_read_as_far_as_it_is_shown(grown: asyncpg.Connection, name: str, planned: str) -> None:
    sql = next(statement.sql for named, statement in every_statement() if named == name)
    assert await lines_read(grown, sql, (LISTS | COUNTS)[name], planned) <= TIMES * SHOWN


async def test_the_check_can_fail(grown: asyncpg.Connection) -> None:
    several = "SELECT id FROM audit.deeds WHERE subject_id = ANY ($1::uuid[]) ORDER BY deed, at DESC LIMIT $2"
    assert await lines_read(grown, several, f"ARRAY['{ONE}']::uuid[], {SHOWN}", "force_custom_plan") >= LINES


async def lines_read(connection: asyncpg.Connection, sql: str, arguments: str, planned: str) -> int:
    await connection.execute(f"SET plan_cache_mode = {planned}; PREPARE listed AS {sql}")
    try:
        told = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE listed ({arguments})")
    finally:
        await connection.execute("DEALLOCATE listed")
    return round(sum(_read(json.loads(told)[0]["Plan"])))


def _read(node: dict[str, Any]) -> Iterator[float]:
    """Give what each node that reads a table returned or passed over."""
    if "Relation Name" in node:
        gone = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield (node["Actual Rows"] + gone) * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from _read(inner)
