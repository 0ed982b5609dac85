"""What of persons would change hands if registrations were joined or parted, told before anybody decides."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud.core.consequences import Line
from healthcloud.core.db import Read
from healthcloud.people.accounts import store as accounts
from healthcloud.people.grants import store as grants
from healthcloud.people.held_documents import store as documents
from healthcloud.people.patient_numbers import store as numbers
from healthcloud.people.seen.reads import faces, group_of


async def what_follows(read: Read, person_ids: Sequence[UUID]) -> list[Line]:
    """Return what each of these persons brings: level, documents, phone, account, care grants, patient numbers."""
    seen = await faces(read, None, person_ids)
    return [line for one in person_ids if one in seen for line in await _of(read, one, int(seen[one].level))]


async def _of(read: Read, person_id: UUID, level: int) -> list[Line]:
    group = await group_of(read, person_id)
    lines = [Line(person_id, f"consequences.level-{level}")]
    live = [one for one in await documents.documents_of(read, group) if one.state == "live"]
    if live:
        lines.append(Line(person_id, "consequences.documents", {"count": len(live)}))
    tied = [one for one in group if await accounts.account_of_person(read, one) is not None]
    if tied:
        lines.append(Line(person_id, "consequences.account", grave=True))
    open_grants = [one for one in await grants.grants_of(read, group) if one.state == "accepted"]
    kept = await grants.kept_by(read, group)
    if open_grants:
        lines.append(Line(person_id, "consequences.keepers", {"count": len(open_grants)}, grave=True))
    if kept:
        lines.append(Line(person_id, "consequences.kept", {"count": len(kept)}, grave=True))
    held = await numbers.numbers_of(read, group)
    if held:
        places = len({one.institution_id for one in held})
        lines.append(Line(person_id, "consequences.numbers", {"count": len(held), "places": places}))
    return lines
