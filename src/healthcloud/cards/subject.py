"""Whose card it is about: the caller's own, that of somebody they keep, or any for staff who hold the scope."""

from uuid import UUID

from healthcloud import people
from healthcloud.cards.errors import CardNotFound, PersonUnlinked
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Unacceptable


async def subject_of(read: Read, caller: Caller, person_id: UUID | None, staff_scope: str) -> UUID:
    """
    Return the canonical person the caller may do this for; raise what stands against it.

    A resident may leave `person_id` out. Nobody there, and nobody this caller keeps, look alike: CardNotFound.
    """
    if caller.kind is CallerKind.RESIDENT:
        caller.must("resident")
        target = person_id or caller.on_behalf_of or caller.person_id
        if target is None:
            raise PersonUnlinked
        if target != caller.person_id and not await people.may_act_for(
            read, caller, target, people.grants.GrantScope.CARD
        ):
            raise CardNotFound
    else:
        caller.must(staff_scope)
        if person_id is None:
            raise Unacceptable(faults=(FieldFault("#/person_id", "is required", "必填"),))
        target = person_id
    canonical = await people.canonical_of(read, target)
    if canonical is None:
        raise CardNotFound
    return canonical
