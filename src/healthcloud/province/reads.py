"""How uses stand on their way to the province, and what it refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.province import store
from healthcloud.province.actions import OPERATE
from healthcloud.province.errors import RefusedUseUnknown
from healthcloud.province.model import LATE_AFTER, Hold, RefusedUse, Standing, day_of
from healthcloud.province.refused import store as refusals

READ = "figures.read"
DAYS = 7
OLDEST = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


async def standing(read: Read, caller: Caller) -> list[Standing]:
    """Return the last seven days by institution, newest first; of one's own institution where one belongs to one."""
    _may_look(caller)
    now = read.clock.now()
    return await store.standing(read, day_of(now) - timedelta(days=DAYS - 1), caller.institution_id, now - LATE_AFTER)


async def holds(read: Read, caller: Caller) -> list[Hold]:
    """Return the institutions the province refuses as a whole; one's own where one belongs to one."""
    _may_look(caller)
    return await store.holds(read, caller.institution_id)


async def refused(
    read: Read, caller: Caller, *, after: tuple[datetime, UUID] = OLDEST, limit: int = 50
) -> list[RefusedUse]:
    """Return uses the province refused, the first first, after a place (refused_at, id); one's own institution's."""
    _may_look(caller)
    return await refusals.refused(read, caller.institution_id, after, limit)


async def refused_use(read: Read, caller: Caller, refused_id: UUID) -> RefusedUse:
    """Return one of them; raise RefusedUseUnknown."""
    _may_look(caller)
    found = await refusals.refused_use(read, refused_id, caller.institution_id)
    if found is None:
        raise RefusedUseUnknown
    return found


def _may_look(caller: Caller) -> None:
    if OPERATE not in caller.scopes:
        caller.must(READ)
