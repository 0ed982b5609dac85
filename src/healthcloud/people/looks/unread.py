"""Which lines are new to their owner: those others wrote since the account looked last."""

from datetime import datetime, timedelta

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read, Transaction
from healthcloud.people.looks import store
from healthcloud.people.seen.store import group_of

NEW_FOR = timedelta(days=90)  # what is older is history, and its months are not searched
MOST_COUNTED = 100


async def read_since(read: Read, caller: Caller) -> datetime:
    """Return since when a line is new to this account: where it looked last, 90 days ago at the earliest."""
    earliest = read.clock.now() - NEW_FOR
    return max(await store.read_up_to(read, caller.account_id) or earliest, earliest)


async def unread(read: Read, caller: Caller, kinds: tuple[str, ...]) -> int:
    """Count the lines of these kinds that are new and not the caller's own doing; 100 stands for more too."""
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        return 0
    subjects, since = await group_of(read, caller.person_id), await read_since(read, caller)
    return await audit.count_about(
        read, subjects, kinds=kinds, after=since, not_by=caller.account_id, most=MOST_COUNTED
    )


async def mark_read(tx: Transaction, caller: Caller, up_to: datetime) -> None:
    """
    Count nothing up to this line as new any more.

    Marking twice, or from an older tab, changes nothing. A deed that began before this line and is committed after it
    was shown counts as read, though it stands in the list: by milliseconds, and only for the count.
    """
    await store.mark_read(tx, caller.account_id, up_to)
