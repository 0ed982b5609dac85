"""Who holds what."""

from uuid import UUID

from healthcloud.access.roles import store
from healthcloud.access.roles.model import Grant
from healthcloud.core.db import Read


async def grants_of(read: Read, account_id: UUID) -> list[Grant]:
    """Return the roles an account holds now, as stored; whether each counts is `is_genuine`'s to say."""
    return await store.grants(read, account_id, read.clock.now())
