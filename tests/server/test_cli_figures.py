"""`healthcloud figures`, from the command line."""

import asyncio
from typing import Any

import asyncpg
from fixtures.databases import Copy

from healthcloud.server.cli.exits import Exit


def test_figures_are_compared_and_counted_anew(command: Any, fresh_copy: Copy) -> None:
    said = command("figures", "check", "--json")
    assert (said.code, said.json) == (Exit.DONE, [])
    assert command("figures", "rebuild", "--json").json == {"edition": 1}
    assert command("figures", "rebuild").code == Exit.CONFLICT
    asyncio.run(_spoil(fresh_copy))
    said = command("figures", "check", "--json")
    assert said.code == Exit.FAILED
    assert {"figure": "status", "where": "1", "counted": 7, "rows": 0} in said.json


async def _spoil(copy: Copy) -> None:
    connection = await asyncpg.connect(copy.owner_url)
    try:
        await connection.execute("UPDATE figures.editions SET state = 'current'")
        await connection.execute(
            "INSERT INTO figures.totals VALUES ('00000000-0000-0000-0000-000000000000', 1, 'status', '1', 7)"
        )
    finally:
        await connection.close()
