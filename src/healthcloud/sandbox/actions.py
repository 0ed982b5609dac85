"""What is done to the sandbox; nobody's data is touched, so nothing of it is a deed."""

from healthcloud.core import partitions
from healthcloud.core.db import Transaction
from healthcloud.sandbox import store
from healthcloud.sandbox.errors import ClockTooFar
from healthcloud.sandbox.model import FARTHEST_SECONDS, MOST_CALLS, Call, Switches


async def move_clock(tx: Transaction, offset_seconds: int) -> None:
    """
    Move the clock to so many seconds ahead of the real one, or behind; raise ClockTooFar.

    Every process follows within a second. Partitions of the months there are already; more are made at once.
    """
    if abs(offset_seconds) > FARTHEST_SECONDS:
        raise ClockTooFar
    await partitions.ensure_ahead(tx)
    await store.set_clock(tx, offset_seconds)


async def switch(tx: Transaction, wish: Switches) -> None:
    """Set the failures of one face to one institution."""
    await store.put_switches(tx, wish)


async def note(tx: Transaction, call: Call) -> None:
    """Put a call into the journal."""
    await store.add_call(tx, call)


async def prune(tx: Transaction) -> int:
    """Forget the oldest calls beyond as many as the journal keeps; return how many."""
    return await store.forget_oldest(tx, MOST_CALLS)


async def empty_journal(tx: Transaction) -> int:
    """Forget every call; return how many."""
    return await store.forget_calls(tx)


async def reset(tx: Transaction) -> None:
    """Set the clock right, switch every failure off, empty the journal; citizens and their cards stay."""
    await store.set_clock(tx, 0)
    await store.forget_switches(tx)
    await store.forget_calls(tx)
