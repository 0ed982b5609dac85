"""Who may lay hands on a person's own data: the person, a keeper in that matter, or staff with the scope."""

from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.people import deeds
from healthcloud.people.errors import PersonNotFound
from healthcloud.people.grants.reads import is_self, may_act_for


async def must_be_theirs_or(
    tx: Transaction, caller: Caller, person_id: UUID, matter: str, scope: str, deed: str
) -> bool:
    """
    Tell whether it is the person themself; let a keeper in this matter pass, and staff with the scope.

    A resident who is neither meets PersonNotFound, as if there were nobody; the refusal is kept for the person.
    """
    if caller.kind is CallerKind.RESIDENT:
        if await is_self(tx, caller, person_id):
            return True
        if not await may_act_for(tx, caller, person_id, matter):
            audit.refuse(tx, caller, deed, person_id, reason=PersonNotFound.code)
            raise PersonNotFound
    else:
        deeds.must(caller, scope)
    return False


async def record_for_both(
    tx: Transaction,
    caller: Caller,
    deed: str,
    person_id: UUID,
    detail: dict[str, str | int | bool | None] | None = None,
) -> None:
    """Write a deed for the person, and where somebody acted for them, for that keeper too."""
    keeper = caller.person_id if caller.kind is CallerKind.RESIDENT else None
    subjects = [person_id] if keeper in (None, person_id) else [person_id, keeper]
    await audit.record_many(tx, caller, [audit.Entry(deed, one, detail=detail or {}) for one in subjects if one])
