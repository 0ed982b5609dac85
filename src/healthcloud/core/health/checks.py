"""What must hold before this process takes traffic, and what an administrator should know although it does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import asyncpg
import structlog

from healthcloud.core.db import Database
from healthcloud.core.errors import FieldFault, Problem
from healthcloud.core.health import store
from healthcloud.core.postgres import check_migrations

SECONDS = 3.0
_log = structlog.get_logger("healthcloud.health")


@dataclass(frozen=True, slots=True)
class Check:
    """
    One condition: `holds` returns whether it does; a failure or more than three seconds count as no.

    A vital check that fails keeps traffic away; another is a warning in /readyz and in `healthcloud doctor`.
    """

    name: str
    en: str  # the sentence when it does not hold
    zh: str
    holds: Callable[[Database], Awaitable[bool]]
    vital: bool = True

    async def fault(self, database: Database) -> FieldFault | None:
        """Return what is wrong, or None."""
        try:
            async with asyncio.timeout(SECONDS):
                good = await self.holds(database)
        except (Problem, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            _log.warning("check failed", check=self.name, exc_info=error)
            good = False
        return None if good else FieldFault(self.name, self.en, self.zh)


async def run_checks(checks: Iterable[Check], database: Database) -> tuple[list[FieldFault], list[FieldFault]]:
    """Run all checks side by side; return the vital faults and the warnings."""
    every = tuple(checks)
    faults = await asyncio.gather(*(check.fault(database) for check in every))
    found = [(check, fault) for check, fault in zip(every, faults, strict=True) if fault is not None]
    return [f for check, f in found if check.vital], [f for check, f in found if not check.vital]


async def _database_answers(database: Database) -> bool:
    async with database.read() as read:
        return await store.answers(read) == 1


class _Migrated:
    """Migrations only move forward, so once they were current this process need not ask again."""

    def __init__(self) -> None:
        self._at: str | None = None

    async def __call__(self, database: Database) -> bool:
        if self._at != database.url:
            await check_migrations(database.url)
            self._at = database.url
        return True


CHECKS = (
    Check("database", "the database does not answer", "数据库没有应答", _database_answers),
    Check(
        "migrations",
        "the database's schema is older than this program: run `healthcloud db migrate`",
        "数据库结构旧于本程序：请运行 healthcloud db migrate",
        _Migrated(),
    ),
)
