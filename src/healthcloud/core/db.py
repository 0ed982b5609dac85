"""
The one way to PostgreSQL.

`Read` has the verbs that only look and may be handed a replica; `Transaction` adds the ones that write, so a reader's
connection can't be given to a writer. Every verb is told the row it must return: a dataclass whose fields are the
statement's columns in order, or a plain type for a single column.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, LiteralString, Self, TypeAlias, TypeVar

import asyncpg

from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.core.copying import stream
from healthcloud.core.crypto import Vault
from healthcloud.core.db_connecting import Pool, open_pool
from healthcloud.core.db_errors import DRIVER_ERRORS, UNANSWERED, UNREACHABLE, is_retryable
from healthcloud.core.errors import OutcomeUnknown, Problem, Unavailable
from healthcloud.core.events import Event, outbox_row
from healthcloud.core.reach import Reach

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"
Row = TypeVar("Row")
Result = TypeVar("Result")

ATTEMPTS = 4
ACQUIRE_SECONDS = 5.0
AWAY_RETRY_AFTER = 2  # seconds
# Less than the server's statement_timeout, which would end a COMMIT's wait for the standby and call it a success.
COMMIT_SECONDS = 20.0


class Read:
    """
    A connection that only reads; it may be a replica.

    `clock` and `vault` come with it, so that an action needs nothing but the transaction it is given.
    """

    def __init__(self, connection: Connection, clock: Clock, vault: Vault) -> None:
        self._connection = connection
        self.clock = clock
        self.vault = vault

    async def one(self, row: Callable[..., Row], sql: LiteralString, *args: Any) -> Row | None:
        """Return the only row, or None."""
        record = await self._connection.fetchrow(sql, *args)
        return None if record is None else row(*record.values())

    async def all(self, row: Callable[..., Row], sql: LiteralString, *args: Any) -> list[Row]:
        """Return every row."""
        return [row(*record.values()) for record in await self._connection.fetch(sql, *args)]

    async def value(self, kind: type[Row], sql: LiteralString, *args: Any) -> Row | None:
        """Return the single column of the only row, or None when there is no row or it is NULL."""
        found = await self._connection.fetchval(sql, *args)
        if found is not None and not isinstance(found, kind):
            message = f"{sql!r} gave {type(found).__name__}, not {kind.__name__}"
            raise TypeError(message)
        return found

    async def values(self, kind: type[Row], sql: LiteralString, *args: Any) -> list[Row]:
        """Return the single column of every row; a NULL is left out."""
        rows = await self._connection.fetch(sql, *args)
        return [row[0] for row in rows if isinstance(row[0], kind)]


class Transaction(Read):
    """Statements that commit together, or not at all."""

    def __init__(self, connection: Connection, clock: Clock, vault: Vault) -> None:
        super().__init__(connection, clock, vault)
        self._refusals: list[Callable[[Transaction], Awaitable[object]]] = []

    async def run(self, sql: LiteralString, *args: Any) -> int:
        """Run a statement that returns nothing; say how many rows it touched."""
        status = await self._connection.execute(sql, *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def copy(self, schema: str, table: str, columns: tuple[str, ...], rows: Iterable[bytes]) -> None:
        """Load rows by COPY, each as `core.copying` writes it; the caller has checked every value."""
        names, source = list(columns), stream(rows)
        await self._connection.copy_to_table(table, schema_name=schema, columns=names, source=source, format="binary")

    async def announce(self, event: Event) -> None:
        """Tell whoever `server/wiring.py` names, once this transaction has committed, exactly once in effect."""
        await self.run(
            "INSERT INTO core.outbox (id, kind, body, at) VALUES ($1, $2, $3, $4)",
            *outbox_row(event, self.clock.now()),
        )

    async def announce_many(self, events: Sequence[Event]) -> None:
        """Announce several events by one statement."""
        now = self.clock.now()
        rows = [outbox_row(event, now) for event in events]
        if rows:
            await self.run(
                """
                INSERT INTO core.outbox (id, kind, body, at)
                SELECT id, kind, body, at
                  FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[]) AS new (id, kind, body, at)
                """,
                *(list(column) for column in zip(*rows, strict=True)),
            )

    def if_refused(self, deed: Callable[["Transaction"], Awaitable[object]]) -> None:
        """Have `deed` run in a transaction of its own, should this one end in a Problem: refusals are kept too."""
        self._refusals.append(deed)

    @property
    def refusals(self) -> list[Callable[["Transaction"], Awaitable[object]]]:
        """What to write after a refusal."""
        return self._refusals


class Database:
    """A pool of connections to one PostgreSQL, as the application role, with the clock and vault its actions use."""

    def __init__(self, pool: Pool, url: str, clock: Clock, vault: Vault) -> None:
        self._pool = pool
        self.url = url
        self.clock = clock
        self.vault = vault
        self.reach = Reach()

    @classmethod
    async def connect(
        cls, url: str, *, vault: Vault, clock: Clock = REAL_CLOCK, size: int = 10, name: str = "healthcloud"
    ) -> Self:
        """Open the pool. Keepalives and `tcp_user_timeout` bound how long a cut link can hang a statement."""
        return cls(await open_pool(url, size=size, name=name), url, clock, vault)

    async def close(self) -> None:
        """Give every connection back and close it."""
        await self._pool.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Read]:
        """Hand out a connection that may only read, in a read-only transaction with one snapshot."""
        try:
            async with (
                self._acquired() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield Read(connection, self.clock, self.vault)
        except DRIVER_ERRORS as error:
            if is_retryable(error):
                raise Unavailable(retry_after=1) from error
            raise

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Read]:
        """
        Hand out a connection that may only read, without a transaction: each statement sees what is committed then.

        It saves two round trips of the four of a small look; for pages that many look at and whose statements may each
        be of another instant. Nothing that decides about a write may be read so.
        """
        try:
            async with self._acquired() as connection:
                yield Read(connection, self.clock, self.vault)
        except DRIVER_ERRORS as error:
            if is_retryable(error):
                raise Unavailable(retry_after=1) from error
            raise

    async def transact(self, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """
        Run an action as one transaction and return after its COMMIT.

        A serialization failure, deadlock or lost connection runs the whole action again, so it may touch nothing but
        the transaction it is given. On a Problem everything is rolled back, then the refusals it asked to keep are
        written on the released connection.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._once(action)
            except DRIVER_ERRORS as error:
                if not is_retryable(error):
                    raise
                if attempt == ATTEMPTS:
                    raise Unavailable(retry_after=1) from error
                # Jitter only spreads retries; nothing secret hangs on it.
                await asyncio.sleep(0.02 * attempt * (0.5 + random.random()))  # noqa: S311
        raise Unavailable(retry_after=1)

    async def _once(self, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        async with self._acquired() as connection:
            tx = Transaction(connection, self.clock, self.vault)
            await connection.execute("BEGIN")
            try:
                result = await action(tx)
            except BaseException as error:
                await _roll_back(connection)
                if isinstance(error, Problem):
                    await self._keep_refusals(connection, tx.refusals)
                raise
            await _commit(connection)
            return result

    async def _keep_refusals(
        self, connection: Connection, refusals: list[Callable[[Transaction], Awaitable[object]]]
    ) -> None:
        for refusal in refusals:
            async with connection.transaction():
                await refusal(Transaction(connection, self.clock, self.vault))

    @asynccontextmanager
    async def _acquired(self) -> AsyncIterator["PoolConnectionProxy[Record]"]:
        if not self.reach.may_try():
            raise Unavailable(retry_after=AWAY_RETRY_AFTER)
        waiting = self.reach.waits()
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS)
        except UNREACHABLE as error:
            if not self._is_only_busy(error):
                self.reach.failed()
            raise Unavailable(retry_after=1) from error
        finally:
            self.reach.waited(waiting)
        self.reach.answered()
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    def _is_only_busy(self, error: Exception) -> bool:
        """Tell whether the server is there, but no connection was free."""
        if isinstance(error, TimeoutError):
            return self._pool.get_size() - self._pool.get_idle_size() >= self._pool.get_max_size()
        return isinstance(error, asyncpg.TooManyConnectionsError)


class RolledBack(Exception):
    """A statement failed and the action went on as if it had not: nothing was saved."""


async def _roll_back(connection: Connection) -> None:
    """Leave the transaction; when even that fails the connection is of no use, and its pool replaces it."""
    try:
        if not connection.is_closed():
            await connection.execute("ROLLBACK", timeout=5)
    except DRIVER_ERRORS:
        with suppress(asyncpg.InterfaceError):
            connection.terminate()


async def _commit(connection: Connection) -> None:
    """
    Commit, once: never cancelled, and never repeated when its answer is lost, since it may have happened.

    Raise OutcomeUnknown when the answer is lost, RolledBack when PostgreSQL had given the transaction up.
    """
    committing = asyncio.ensure_future(connection.execute("COMMIT", timeout=COMMIT_SECONDS))
    try:
        status = await asyncio.shield(committing)
    except asyncio.CancelledError:
        with suppress(Exception):
            await committing
        raise
    except UNANSWERED as error:
        raise OutcomeUnknown(retry_after=1) from error
    if status != "COMMIT":
        raise RolledBack
