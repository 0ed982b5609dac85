"""Count tries before they are made."""

from collections.abc import Sequence
from dataclasses import dataclass

from healthcloud.access.limits import store
from healthcloud.access.limits.model import Limit, wait_seconds
from healthcloud.access.purposes import TRIES
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction


@dataclass(frozen=True, slots=True)
class Try:
    """One thing that is counted: whom or what it is counted for, under which limit."""

    limit: Limit
    subject: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many seconds to wait, 0 for none, and the kinds of limits that this try has reached."""

    wait_seconds: int
    last: frozenset[str]


async def count(tx: Transaction, tries: Sequence[Try]) -> Allowance:
    """
    Count these in turn, up to the first that is over its limit, and say whether the thing may be tried now.

    Commit before trying: a try that is rolled back would be free. Name the narrowest subject first, and kinds always in
    the same order: then hammering one number costs no other limit, and no two requests wait for each other.
    """
    now, last = tx.clock.now(), set()
    for one in tries:
        limit = one.limit
        counted = await store.count_try(tx, _subject(tx.vault, one), now, now - limit.window, limit.tries)
        if counted is None:
            continue
        if wait := wait_seconds(limit, counted, now):
            return Allowance(wait, frozenset())
        if counted.count == limit.tries:
            last.add(limit.kind)
    return Allowance(0, frozenset(last))


async def give_back(tx: Transaction, done: Try) -> None:
    """Uncount a try that turned out right, where only wrong ones count."""
    await store.take_back(tx, _subject(tx.vault, done))


async def clear(tx: Transaction, done: Try) -> None:
    """Forget all tries of this subject: it has proven itself, or somebody unlocked it."""
    await store.forget(tx, _subject(tx.vault, done))


def _subject(vault: Vault, one: Try) -> bytes:
    return vault.fingerprint(TRIES, f"{one.limit.kind}\n{one.subject}")
