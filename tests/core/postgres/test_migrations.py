"""Migrations: one line, each once, none changed afterwards, and nobody is kept waiting."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from fixtures.servers import ask

from healthcloud.core.clock import Clock
from healthcloud.core.postgres import (
    apply_migrations,
    check_migrations,
    on_database,
    pending_migrations,
    read_migrations,
)
from healthcloud.core.postgres.errors import (
    MigrationBlocked,
    MigrationChanged,
    MigrationFailed,
    MigrationMalformed,
    MigrationOutOfOrder,
    MigrationsPending,
)
from healthcloud.core.postgres.migrations import MIGRATIONS, migrations_head

FIRST = "-- expand\n-- The first.\nCREATE SCHEMA trial;\nCREATE TABLE trial.lines (id int);\n"
SECOND = "-- expand\n-- The second.\nALTER TABLE trial.lines ADD COLUMN name text;\n"


@pytest.fixture
async def empty(postgres: dict[str, str]) -> AsyncIterator[str]:
    """A database without any schema of ours, as its owner."""
    name = f"t_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(postgres["superuser"])
    await connection.execute(f"CREATE DATABASE {name} OWNER healthcloud_owner TEMPLATE template0")
    yield on_database(postgres["owner"], name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_core_first.sql").write_text(FIRST)
    (tmp_path / "0002_core_second.sql").write_text(SECOND)
    return tmp_path


async def test_they_are_applied_in_order_and_once(empty: str, folder: Path) -> None:
    said: list[str] = []
    at = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(MigrationsPending):
        await check_migrations(empty, folder)
    applied = await apply_migrations(empty, folder, progress=said.append, clock=Clock(fixed=at))
    assert [one.name for one in applied] == ["0001_core_first", "0002_core_second"]
    assert said == ["Applying 0001_core_first", "Applying 0002_core_second"]
    assert await ask(empty, "SELECT array_agg(applied_at) FROM core.migrations") == [at, at]
    assert await apply_migrations(empty, folder) == ()
    await check_migrations(empty, folder)
    assert await migrations_head(empty) == 2


async def test_the_application_may_ask_what_is_pending(empty: str, folder: Path, postgres: dict[str, str]) -> None:
    await apply_migrations(empty, folder)
    (folder / "0003_core_third.sql").write_text("-- contract\nDROP TABLE trial.lines;\n")
    app = on_database(postgres["app"], empty.partition("?")[0].rpartition("/")[2])
    [third] = await pending_migrations(app, folder)
    assert (third.number, third.phase) == (3, "contract")


async def test_a_changed_or_removed_file_is_refused(empty: str, folder: Path) -> None:
    await apply_migrations(empty, folder)
    (folder / "0001_core_first.sql").write_text(FIRST + "-- a word\n")
    with pytest.raises(MigrationChanged, match="0001_core_first"):
        await apply_migrations(empty, folder)
    (folder / "0001_core_first.sql").unlink()
    with pytest.raises(MigrationChanged, match="0001_core_first"):
        await check_migrations(empty, folder)


async def test_a_database_ahead_of_this_code_is_in_order(empty: str, folder: Path) -> None:
    await apply_migrations(empty, folder)
    (folder / "0002_core_second.sql").unlink()
    await check_migrations(empty, folder)


async def test_a_latecomer_with_a_low_number_is_refused(empty: str, folder: Path) -> None:
    (folder / "0001_core_first.sql").rename(folder / "0003_core_first.sql")
    (folder / "0002_core_second.sql").rename(folder / "0004_core_second.sql")
    await apply_migrations(empty, folder)
    (folder / "0001_core_late.sql").write_text("-- expand\nCREATE SCHEMA late;\n")
    with pytest.raises(MigrationOutOfOrder, match="0001_core_late"):
        await apply_migrations(empty, folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("3_core_third.sql", SECOND),
        ("0003_Third.sql", SECOND),
        ("0003_core_third.sql", "CREATE SCHEMA third;\n"),
        ("0003_core_third.sql", "-- expand, quickly\nCREATE SCHEMA third;\n"),
        ("0002_core_third.sql", SECOND),
    ],
)
def test_malformed_files_are_refused(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(MigrationMalformed):
        read_migrations(folder)


async def test_a_failing_one_is_undone_and_those_before_it_stand(empty: str, folder: Path) -> None:
    (folder / "0002_core_second.sql").write_text(SECOND + "SELECT 1 / 0;\n")
    with pytest.raises(MigrationFailed, match="0002_core_second"):
        await apply_migrations(empty, folder)
    assert await migrations_head(empty) == 1
    assert (
        await ask(
            empty, "SELECT count(*) FROM pg_attribute WHERE attname = 'name' AND attrelid = 'trial.lines'::regclass"
        )
        == 0
    )


async def test_names_must_carry_their_schema(empty: str, folder: Path) -> None:
    (folder / "0003_core_third.sql").write_text("-- expand\nCREATE TABLE homeless (id int);\n")
    with pytest.raises(MigrationFailed, match="no schema"):
        await apply_migrations(empty, folder)


async def test_four_seconds_is_the_longest_wait_for_a_lock(empty: str, folder: Path) -> None:
    (folder / "0003_core_third.sql").write_text(
        "-- expand\nCREATE TABLE trial.seen AS SELECT current_setting('lock_timeout') AS lock_timeout;\n"
    )
    (folder / "0004_core_fourth.sql").write_text(
        "-- expand, no-transaction\n"
        "CREATE TABLE trial.alone AS SELECT current_setting('lock_timeout') AS lock_timeout;\n"
    )
    await apply_migrations(empty, folder)
    assert await ask(empty, "SELECT lock_timeout FROM trial.seen") == "4s"
    assert await ask(empty, "SELECT lock_timeout FROM trial.alone") == "4s"


async def test_one_that_waits_too_long_gives_up_and_leaves_nothing(empty: str, folder: Path) -> None:
    second = folder / "0002_core_second.sql"
    await apply_migrations(empty, folder.joinpath("none"))
    second.rename(folder / "later")
    await apply_migrations(empty, folder)
    (folder / "later").rename(second)
    reader = await asyncpg.connect(empty)
    async with reader.transaction():
        await reader.fetch("SELECT id FROM trial.lines")
        with pytest.raises(MigrationBlocked, match="0002_core_second"):
            await apply_migrations(empty, folder, lock_timeout="50ms")
        assert await migrations_head(empty) == 1
    await reader.close()
    assert len(await apply_migrations(empty, folder)) == 1


async def test_without_a_transaction_one_statement_runs(empty: str, folder: Path) -> None:
    index = "-- expand, no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON trial.lines (id);\n"
    (folder / "0003_core_third.sql").write_text(index.format(name="lines_id"))
    await apply_migrations(empty, folder)
    assert await ask(empty, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'trial.lines_id'::regclass")
    (folder / "0004_core_fourth.sql").write_text(index.format(name="lines_again") + "SELECT 1;\n")
    with pytest.raises(MigrationFailed, match="0004_core_fourth"):
        await apply_migrations(empty, folder)


async def test_two_processes_at_once_apply_each_once(empty: str, folder: Path) -> None:
    (folder / "0003_core_third.sql").write_text("-- expand\nSELECT pg_sleep(0.2);\n")
    said: list[str] = []
    both = await asyncio.gather(*(apply_migrations(empty, folder, progress=said.append) for _ in range(2)))
    assert sorted(len(applied) for applied in both) == [0, 3]
    assert "Another process is migrating; waiting for it" in said


def test_this_projects_own_line_is_found() -> None:
    assert (MIGRATIONS / "distribution.toml").is_file()
    assert [migration.number for migration in read_migrations()] == list(range(1, len(read_migrations()) + 1))
