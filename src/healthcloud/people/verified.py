"""How lately somebody's identity was verified, for what needs it anew."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.people import store
from healthcloud.people.model import Level
from healthcloud.people.seen import store as faces


async def verified_since(read: Read, person_id: UUID, since: datetime) -> Level | None:
    """Return the highest level at which this person was verified after an instant; None when they were not."""
    highest = await store.highest_passed(read, await faces.group_of(read, person_id), since)
    return None if highest is None else Level(highest)
