"""How uses stand on their way to the province."""

from datetime import timedelta

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.province import store
from healthcloud.province.model import Standing, day_of

READ = "figures.read"
DAYS = 7


async def standing(read: Read, caller: Caller) -> list[Standing]:
    """Return the last seven days by institution, newest first; of one's own institution where one belongs to one."""
    caller.must(READ)
    since = day_of(read.clock.now()) - timedelta(days=DAYS - 1)
    return await store.standing(read, since, caller.institution_id)
