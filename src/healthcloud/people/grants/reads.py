"""Looking at care grants, and the one question every other feature asks of them."""

from datetime import timedelta
from uuid import UUID

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.people.grants import store
from healthcloud.people.grants.model import Grant, Member
from healthcloud.people.model import FACE, Level, PersonState
from healthcloud.people.seen import store as faces
from healthcloud.people.seen.model import Seen, unpack
from healthcloud.people.seen.reads import faces as faces_of

OF_LATE = timedelta(days=18 * 366)


async def grants_of(read: Read, person_id: UUID) -> list[Grant]:
    """Return every grant over a person, the newest first; for the person themself."""
    return await store.grants_of(read, await faces.group_of(read, person_id))


async def kept_by(read: Read, keeper_id: UUID) -> list[Grant]:
    """Return the open grants of a keeper, asked and accepted, the newest first; for the keeper."""
    return await store.kept_by(read, await faces.group_of(read, keeper_id))


async def members(read: Read, person_id: UUID, scope: str) -> list[Member]:
    """Return a person and, after them, everyone they act for in this matter now, by one statement."""
    return (await members_of_many(read, [person_id], scope)).get(person_id, [])


async def members_of_many(read: Read, person_ids: list[UUID], scope: str) -> dict[UUID, list[Member]]:
    """Return the same for each of these persons, by the id asked for; still by one statement."""
    found: dict[UUID, list[Member]] = {}
    for row in await store.members_of(read, person_ids, scope, read.clock.now()):
        face = unpack(read.vault.open(FACE, row.canonical_id.bytes, row.face_sealed))
        member = Member(row.canonical_id, row.relation, face, PersonState(row.state), Level(row.level))
        found.setdefault(row.asker_id, []).append(member)
    return found


async def newborns_to_keep(read: Read, keeper_id: UUID) -> list[Seen]:
    """Return the children registered with this person as their mother whom she may but does not yet act for."""
    group = await faces.group_of(read, keeper_id)
    now = read.clock.now()
    kept = {one.person_id for one in await store.kept_by(read, group) if one.until is None or now < one.until}
    since = now.astimezone(SHANGHAI).date() - OF_LATE
    children = set(await store.newborns_of(read, group, since))
    seen = await faces_of(read, None, children)
    return [
        one for one in seen.values() if one.state is PersonState.ALIVE and not {one.person_id, one.canonical_id} & kept
    ]


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
