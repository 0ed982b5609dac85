"""Monthly partitions: made by a role that may not make tables, months of Asia/Shanghai, dropped only when allowed."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.background import Runner, Wiring
from healthcloud.core.background.schedule import Scheduler
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.core.partitions import RECURRING, drop_expired, ensure_ahead, partitions_ahead, store
from healthcloud.core.partitions.model import month_after, month_of, unbroken

LAST_SECOND = datetime(2031, 1, 31, 15, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
async def tables(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        CREATE TABLE core.uses (id integer NOT NULL, at timestamptz NOT NULL, CONSTRAINT uses_pk PRIMARY KEY (id, at))
            PARTITION BY RANGE (at);
        CREATE INDEX uses_by_time ON core.uses (at);
        CREATE TABLE core.kept (LIKE core.uses INCLUDING ALL) PARTITION BY RANGE (at);
        GRANT SELECT, INSERT ON core.uses, core.kept TO healthcloud_app;
        INSERT INTO core.partitioned (parent, keep_months) VALUES ('core.uses', 6), ('core.kept', NULL);
        """
    )
    await connection.close()


def standing_at(database: Database, instant: datetime) -> Database:
    return Database(database._pool, database.url, Clock(fixed=instant), database.vault)


async def use(database: Database, at: datetime) -> None:
    await database.transact(lambda tx: tx.run("INSERT INTO core.uses (id, at) VALUES (1, $1)", at))


async def ensure_month(tx: Transaction, parent: str, instant: datetime) -> bool:
    return bool(await store.ensure(tx, parent, month_of(instant)))


async def months(database: Database, parent: str) -> set[str]:
    async with database.read() as read:
        names = await read.values(
            str,
            "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = to_regclass($1)",
            parent,
        )
    return {name.partition("_")[2] for name in names}


async def test_there_is_room_on_both_sides_of_a_months_end(database: Database) -> None:
    now = standing_at(database, LAST_SECOND)
    await now.transact(ensure_ahead)
    for at in (LAST_SECOND, LAST_SECOND + timedelta(seconds=1), LAST_SECOND - timedelta(days=31)):
        await use(database, at)
    async with now.read() as read:
        ahead = await partitions_ahead(read)
    assert ahead["core.uses"] == ahead["core.kept"] == 3
    assert await now.transact(ensure_ahead) == 0
    assert {"y2030m12", "y2031m01", "y2031m02", "y2031m03", "y2031m04"} <= await months(database, "core.uses")


async def test_a_month_begins_at_midnight_in_shanghai(database: Database) -> None:
    await database.transact(lambda tx: ensure_month(tx, "core.uses", datetime(2040, 5, 31, 16, 0, tzinfo=UTC)))
    await use(database, datetime(2040, 5, 31, 16, 0, tzinfo=UTC))
    with pytest.raises(asyncpg.CheckViolationError):
        await use(database, datetime(2040, 5, 31, 15, 59, 59, tzinfo=UTC))


async def test_health_sees_months_running_out(database: Database) -> None:
    async with standing_at(database, datetime(2050, 1, 15, tzinfo=UTC)).read() as read:
        assert (await partitions_ahead(read))["core.kept"] == -1
    await database.transact(lambda tx: ensure_month(tx, "core.kept", datetime(2050, 1, 15, tzinfo=UTC)))
    await database.transact(lambda tx: ensure_month(tx, "core.kept", datetime(2050, 3, 15, tzinfo=UTC)))
    async with standing_at(database, datetime(2050, 1, 15, tzinfo=UTC)).read() as read:
        assert (await partitions_ahead(read))["core.kept"] == 0, "a gap ends what is ready"


async def test_a_partition_has_the_indexes_of_its_table(database: Database) -> None:
    await database.transact(lambda tx: ensure_month(tx, "core.uses", datetime(2041, 1, 15, tzinfo=UTC)))
    async with database.read() as read:
        columns = await read.values(
            str,
            "SELECT substring(indexdef FROM '\\(.*\\)') FROM pg_indexes WHERE tablename = 'uses_y2041m01'",
        )
    assert sorted(columns) == ["(at)", "(id, at)"]


async def test_making_a_partition_does_not_stop_writers(database: Database) -> None:
    await database.transact(lambda tx: ensure_month(tx, "core.uses", datetime(2042, 1, 15, tzinfo=UTC)))

    async def act(tx: Transaction) -> None:
        await tx.run("INSERT INTO core.uses (id, at) VALUES (1, $1)", datetime(2042, 1, 15, tzinfo=UTC))
        await database.transact(lambda other: ensure_month(other, "core.uses", datetime(2042, 2, 15, tzinfo=UTC)))

    await database.transact(act)


async def test_only_listed_tables_get_partitions(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.transact(lambda tx: ensure_month(tx, "core.jobs", LAST_SECOND))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.transact(lambda tx: tx.run("INSERT INTO core.partitioned (parent) VALUES ('core.jobs')"))


async def test_only_what_need_not_be_kept_is_dropped(database: Database) -> None:
    now = database.clock.now()
    old = datetime.combine(month_after(month_of(now), -8), datetime.min.time(), UTC) + timedelta(days=10)
    young = old + timedelta(days=61)
    for parent in ("core.uses", "core.kept"):
        for at in (old, young):
            await database.transact(partial(ensure_month, parent=parent, instant=at))
    kept = {f"y{at:%Y}m{at:%m}" for at in (old, young)}
    assert kept <= await months(database, "core.uses")
    assert await database.transact(drop_expired) == 1
    assert kept & await months(database, "core.uses") == {f"y{young:%Y}m{young:%m}"}
    assert kept <= await months(database, "core.kept")


async def test_a_clock_set_wrong_cannot_talk_the_retention_away(database: Database) -> None:
    now = database.clock.now()
    await database.transact(lambda tx: ensure_month(tx, "core.uses", now))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await standing_at(database, now + timedelta(days=400)).transact(drop_expired)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.transact(
            lambda tx: tx.value(bool, "SELECT core.drop_month_partition('core.kept', '1999-01-01')")
        )


async def test_retention_shorter_than_the_law_allows_cannot_be_set(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("UPDATE core.partitioned SET keep_months = 5 WHERE parent = 'core.uses'")
    await connection.close()


async def test_the_keeper_runs_at_the_first_start(database: Database) -> None:
    now = standing_at(database, datetime(2060, 6, 15, tzinfo=UTC))
    lease = Lease(now, "keeper", new_id())
    await lease.take()
    await Scheduler(RECURRING[:1]).step(now, lease)
    await Runner(now, Wiring(recurring=RECURRING[:1])).settle()
    async with now.read() as read:
        assert (await partitions_ahead(read))["core.uses"] == 3


@given(month=st.dates(date(1990, 1, 1), date(2200, 1, 1)).map(lambda d: d.replace(day=1)), count=st.integers(-90, 90))
def test_months_are_counted_as_on_a_calendar(month: date, count: int) -> None:
    found = month_after(month, count)
    assert month_after(found, -count) == month
    assert (found.year - month.year) * 12 + found.month - month.month == count
    assert unbroken(month, {month_after(month, n) for n in range(5)} - {month_after(month, 3)}) == 2
