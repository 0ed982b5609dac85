"""Who works here."""

from collections.abc import Iterable
from uuid import UUID

from healthcloud.access.rights import must_hold
from healthcloud.access.roles import Grant, NoSuchAccount, grants_of
from healthcloud.access.sessions import SessionLine, open_sessions
from healthcloud.access.staff import store
from healthcloud.access.staff.lifecycle import SCOPE
from healthcloud.access.staff.model import StaffLine
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

FIRST = UUID(int=0)


async def staff_of(
    read: Read,
    caller: Caller,
    institution_id: UUID | None = None,
    *,
    state: str | None = None,
    text: str | None = None,
    after: UUID = FIRST,
    limit: int = 50,
) -> list[StaffLine]:
    """
    Return staff by id after a place in the list; who belongs to an institution sees its staff only.

    `text` is somewhere in the login or the name.
    """
    must_hold(caller, SCOPE)
    if caller.institution_id is not None:
        institution_id = caller.institution_id
    return await store.staff_after(read, (institution_id, state, text), after, limit)


async def staff_member(read: Read, caller: Caller, account_id: UUID) -> StaffLine:
    """Return one member of staff. Raises NoSuchAccount."""
    must_hold(caller, SCOPE)
    found = await store.staff_line(read, account_id)
    if found is None or caller.institution_id not in (None, found.institution_id):
        raise NoSuchAccount
    return found


async def roles_of(read: Read, caller: Caller, account_id: UUID) -> list[Grant]:
    """Return the roles a member of staff holds now. Raises NoSuchAccount."""
    await staff_member(read, caller, account_id)
    return await grants_of(read, account_id)


async def sessions_of(read: Read, caller: Caller, account_id: UUID) -> list[SessionLine]:
    """Return the devices a member of staff is signed in on, the oldest first. Raises NoSuchAccount."""
    await staff_member(read, caller, account_id)
    return await open_sessions(read, account_id)


async def logins_of(read: Read, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the login names of those of these accounts that are of staff: whom a list of deeds speaks of."""
    return {line.id: line.login for line in await store.staff_lines(read, list(account_ids))}
