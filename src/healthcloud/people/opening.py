"""Opening a person's data unmasked: a deed its owner can read."""

from dataclasses import replace
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.people import deeds
from healthcloud.people.authority import record_for_both
from healthcloud.people.errors import PersonNotFound, ReasonNeeded
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.grants.reads import is_self, may_act_for
from healthcloud.people.model import PersonState
from healthcloud.people.reading import read_evidence
from healthcloud.people.seen.model import Seen
from healthcloud.people.seen.reads import faces


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
    told = None if caller.kind is CallerKind.RESIDENT else _reason(reason or caller.reason)
    await record_for_both(tx, replace(caller, reason=told), deeds.OPENED, seen.canonical_id)
    return seen


async def reveal_own(tx: Transaction, caller: Caller, *, copied: bool = False) -> Seen:
    """Return the caller's own person unmasked, or for a copy they take away; a line of their own. PersonNotFound."""
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise PersonNotFound
    seen = await open_person(tx, caller, caller.person_id)
    await audit.record(tx, caller, deeds.COPIED if copied else deeds.REVEALED, seen.canonical_id)
    return seen


def _reason(reason: str | None) -> str:
    try:
        return read_evidence(reason or "", "reason")
    except Unacceptable as broken:
        raise ReasonNeeded(faults=broken.faults) from None
