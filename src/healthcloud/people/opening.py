"""Opening a person's data unmasked: a deed its owner can read."""

from dataclasses import replace
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault
from healthcloud.people import deeds
from healthcloud.people.authority import record_for_both
from healthcloud.people.errors import PersonNotFound, ReasonNeeded
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.grants.reads import is_self, may_act_for
from healthcloud.people.model import PersonState
from healthcloud.people.seen.model import Seen
from healthcloud.people.seen.reads import faces

LONGEST_REASON = 200


async def open_person(tx: Transaction, caller: Caller, person_id: UUID, reason: str | None = None) -> Seen:
    """
    Return a person unmasked: to themself freely, to a keeper, or to staff and clients with people.open and a reason.

    Raises PersonNotFound for a miss and for a refusal alike; the refusal is kept for the person to read.
    """
    seen = (await faces(tx, caller.institution_id, [person_id])).get(person_id)
    if seen is None or (seen.state is PersonState.WITHDRAWN and caller.kind is CallerKind.RESIDENT):
        raise PersonNotFound
    if await is_self(tx, caller, person_id):
        return seen
    if caller.kind is CallerKind.RESIDENT:
        allowed = await may_act_for(tx, caller, person_id, GrantScope.IDENTITY)
    else:
        allowed = caller.kind is CallerKind.SYSTEM or "people.open" in caller.scopes
    if not allowed:
        audit.refuse(tx, caller, deeds.OPENED, seen.canonical_id, reason=PersonNotFound.code)
        raise PersonNotFound
    told = " ".join((reason or caller.reason or "").split())
    if caller.kind is not CallerKind.RESIDENT and not 1 <= len(told) <= LONGEST_REASON:
        fault = FieldFault("#/reason", f"must have 1–{LONGEST_REASON} characters", f"应为 1–{LONGEST_REASON} 字")
        raise ReasonNeeded(faults=(fault,))
    await record_for_both(tx, replace(caller, reason=told or None), deeds.OPENED, seen.canonical_id)
    return seen
