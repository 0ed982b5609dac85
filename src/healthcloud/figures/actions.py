"""Having the figures counted anew."""

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.figures import deeds, store
from healthcloud.figures.counting import begin_building
from healthcloud.figures.errors import AlreadyRebuilding

MANAGE = "jobs.manage"


async def rebuild(tx: Transaction, caller: Caller) -> int:
    """
    Count everything anew from the first block (scope jobs.manage); return the new edition's number.

    What is shown goes on meanwhile. Raises AlreadyRebuilding.
    """
    caller.must(MANAGE)
    shown = await store.current(tx)
    if shown is not None:
        await store.hold(tx, shown.edition)
    if any(one.state == "building" for one in await store.editions(tx)):
        raise AlreadyRebuilding
    edition = await begin_building(tx)
    await audit.record(tx, caller, deeds.REBUILT, new_id(), detail={"edition": edition})
    return edition
