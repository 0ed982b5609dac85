"""Looking at care grants, and the one question every other feature asks of them."""

from uuid import UUID

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.people.grants import store
from healthcloud.people.grants.model import Grant
from healthcloud.people.seen import store as faces


async def grants_of(read: Read, person_id: UUID) -> list[Grant]:
    """Return every grant over a person, the newest first; for the person themself."""
    return await store.grants_of(read, await faces.group_of(read, person_id))


async def kept_by(read: Read, keeper_id: UUID) -> list[Grant]:
    """Return the open grants of a keeper, asked and accepted, the newest first; for the keeper."""
    return await store.kept_by(read, await faces.group_of(read, keeper_id))


async def is_self(read: Read, caller: Caller, person_id: UUID) -> bool:
    """Tell whether a resident asks about themself, under whichever of their registrations."""
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        return False
    return caller.person_id == person_id or caller.person_id in await faces.group_of(read, person_id)


async def may_act_for(read: Read, caller: Caller, person_id: UUID, scope: str) -> bool:
    """
    Tell whether a resident may act for this person in this matter: for themself, or under a grant that counts now.

    A grant that was withdrawn, has run out, or whose child has come of age counts no more at the next question.
    """
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        return False
    group = await faces.group_of(read, person_id)
    keepers = await faces.group_of(read, caller.person_id)
    if set(group) & set(keepers):
        return True
    now = read.clock.now()
    return any(
        grant.person_id in group and scope in grant.scopes and grant.counts_at(now)
        for grant in await store.kept_by(read, keepers)
    )
