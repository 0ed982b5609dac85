"""The connection of a hot path: its own, planned generically for keys, with one short transaction per batch."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import asyncpg

from healthcloud.core.db import Database, RolledBack, Transaction
from healthcloud.core.db_connecting import OpenConnection, open_connection
from healthcloud.core.db_errors import DRIVER_ERRORS

Result = TypeVar("Result")

# Every hot statement finds its rows by key: an index nested loop is right at any size, and its plan is made once. On
# tables that look small when it is made, a materialized or bitmap inner side would win, and stay when they have grown.
PLANNING = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    "enable_material": "off",
    "jit": "off",
}
# Askers have given up long before; then the connection is opened anew.
COMMAND_SECONDS = 10.0


class HotConnection:
    """
    A connection beside the pool, opened at first use and again after it broke.

    One caller at a time, as a gatherer is. It repeats nothing itself: the gatherer does.
    """

    def __init__(self, database: Database, *, name: str, lock_timeout_ms: int = 250) -> None:
        self._database = database
        self._name = name
        self._settings = PLANNING | {"lock_timeout": f"{lock_timeout_ms}ms"}
        self._connection: OpenConnection | None = None

    async def transact(self, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """
        Run an action as one transaction and return after its COMMIT.

        What is refused within a batch belongs into its answers: `if_refused` has no effect here.
        """
        connection = await self._opened()
        try:
            await connection.execute("BEGIN")
            result = await action(Transaction(connection, self._database.clock, self._database.vault))
            status = await connection.execute("COMMIT")
        except Exception:
            await self._mend(connection)
            raise
        except BaseException:
            # Cancelled in the middle: whatever the server is doing, this connection is not told again.
            self._drop(connection)
            raise
        if status != "COMMIT":
            raise RolledBack
        return result

    async def close(self) -> None:
        """Close the connection, if it is open."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=5)
        self._connection = None

    async def _opened(self) -> OpenConnection:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await open_connection(
                    self._database.url, name=self._name, settings=self._settings, seconds=COMMAND_SECONDS
                )
            except (OSError, asyncpg.CannotConnectNowError) as error:
                self._database.reach.failed()
                raise ConnectionError(self._name) from error
            self._database.reach.answered()
        return self._connection

    async def _mend(self, connection: OpenConnection) -> None:
        """Leave the failed transaction, or the connection when that fails too."""
        try:
            await connection.execute("ROLLBACK", timeout=2)
        except DRIVER_ERRORS:
            self._drop(connection)

    def _drop(self, connection: OpenConnection) -> None:
        self._connection = None
        with suppress(asyncpg.InterfaceError):
            connection.terminate()
