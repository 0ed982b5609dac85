"""Who works here."""

from uuid import UUID

from healthcloud.access.rights import must_hold
from healthcloud.access.roles import Grant, NoSuchAccount, grants_of
from healthcloud.access.staff import store
from healthcloud.access.staff.lifecycle import SCOPE
from healthcloud.access.staff.model import StaffLine
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

FIRST = UUID(int=0)


async def staff_of(
    read: Read, caller: Caller, institution_id: UUID | None = None, *, after: UUID = FIRST, limit: int = 50
) -> list[StaffLine]:
    """Return staff by id after a place in the list; who belongs to an institution sees its staff only."""
    must_hold(caller, SCOPE)
    if caller.institution_id is not None:
        institution_id = caller.institution_id
    return await store.staff_after(read, institution_id, after, limit)


async def roles_of(read: Read, caller: Caller, account_id: UUID) -> list[Grant]:
    """Return the roles a member of staff holds now. Raises NoSuchAccount."""
    must_hold(caller, SCOPE)
    account = await store.account(read, account_id)
    if account is None or caller.institution_id not in (None, account.institution_id):
        raise NoSuchAccount
    return await grants_of(read, account_id)
