"""Writing deeds: in the transaction of the deed itself, or after the rollback of a refused one."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud.audit import store
from healthcloud.audit.model import Detail, Entry, kind_of
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id


async def record(
    tx: Transaction,
    caller: Caller,
    deed: str,
    subject_id: UUID,
    *,
    outcome: str = "done",
    reason: str | None = None,
    detail: Detail | None = None,
) -> None:
    """Write one line: it commits with the deed or not at all. `reason` falls back to the one the caller gave."""
    await record_many(tx, caller, [Entry(deed, subject_id, outcome, reason, detail or {})])


async def record_many(tx: Transaction, caller: Caller, entries: Sequence[Entry]) -> None:
    """Write several lines of one caller in one statement."""
    for entry in entries:
        kind_of(entry.deed)
    if entries:
        await store.add_deeds(tx, entries, [new_id() for _ in entries], tx.clock.now(), caller)


async def record_each(tx: Transaction, lines: Sequence[tuple[Caller, Entry]]) -> None:
    """Write several lines of several callers in one statement."""
    for _, entry in lines:
        kind_of(entry.deed)
    if lines:
        await store.add_deeds_of_each(tx, lines, [new_id() for _ in lines], tx.clock.now())


def refuse(
    tx: Transaction,
    caller: Caller,
    deed: str,
    subject_id: UUID,
    *,
    reason: str | None = None,
    detail: Detail | None = None,
) -> None:
    """Have the refusal of a deed written once this transaction has been rolled back; call it before raising."""
    tx.if_refused(
        lambda after: record(after, caller, deed, subject_id, outcome="refused", reason=reason, detail=detail)
    )
