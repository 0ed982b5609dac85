"""Which of the driver's errors mean that the connection has gone, and that the same work may succeed next time."""

import asyncpg

# What asyncpg raises of a server or a connection; InternalClientError is how it tells of one that was ended while idle.
DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

# No connection is free in time; the server is away, starting or full.
UNREACHABLE = (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError)

# The answer to a COMMIT was lost: it may have happened.
UNANSWERED = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)

# Serialization failure, deadlock, admin shutdown, crash shutdown, cannot connect now: the whole action again.
RETRYABLE = ("40001", "40P01", "57P01", "57P02", "57P03")


def is_retryable(error: BaseException) -> bool:
    """Tell whether the same transaction may succeed when run again from its start, on another connection perhaps."""
    if isinstance(error, asyncpg.PostgresError):
        state: str = getattr(error, "sqlstate", "") or ""
        # A plan made before a migration is dropped by its failure.
        return state in RETRYABLE or state.startswith("08") or isinstance(error, asyncpg.InvalidCachedStatementError)
    if isinstance(error, asyncpg.InterfaceError):
        # asyncpg tells a connection that has gone from a misuse of its interface by the message only; the pool takes
        # one that broke back by itself.
        return "closed" in str(error) or "released back" in str(error)
    return isinstance(error, (ConnectionError, asyncpg.InternalClientError))
