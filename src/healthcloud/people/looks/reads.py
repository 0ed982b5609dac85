"""A person's own line of deeds; of people who acted only where they stood is told, not who they are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud import audit, institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.people.errors import PersonNotFound
from healthcloud.people.seen.store import group_of

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Look:
    """One deed: what, who acted (resident, staff, client, system), at which institution, and whether it was refused."""

    id: UUID
    at: datetime
    deed: str
    zh: str
    en: str
    actor_kind: str
    institution: str | None
    refused: bool
    reason: str | None
    own: bool  # the person themself acted


async def own_looks(
    read: Read,
    caller: Caller,
    *,
    wanted: audit.DeedsOf = audit.EVERY_DEED,
    before: Place = audit.NEWEST,
    limit: int = 50,
) -> list[Look]:
    """Return what was done about the caller's own person, newest first; raise PersonNotFound while they have none."""
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise PersonNotFound
    subjects = await group_of(read, caller.person_id)
    deeds = await audit.deeds_about(read, subjects, wanted=wanted, before=before, limit=limit)
    names = await institutions.names_of(read, {one.institution_id for one in deeds if one.institution_id is not None})
    return [_look(deed, names, caller.account_id) for deed in deeds]


def _look(deed: audit.Deed, names: dict[UUID, str], account_id: UUID) -> Look:
    words = audit.words_for(deed.deed)
    return Look(
        id=deed.id,
        at=deed.at,
        deed=deed.deed,
        zh=words.zh,
        en=words.en,
        actor_kind=deed.actor_kind,
        institution=names.get(deed.institution_id) if deed.institution_id else None,
        refused=deed.outcome == "refused",
        reason=deed.reason,
        own=deed.actor_id == account_id,
    )
