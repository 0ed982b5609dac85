"""What was corrected of a person: when, which fields, by what evidence; the values stay sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.people.corrections import store
from healthcloud.people.seen.store import group_of


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction without its values."""

    at: datetime
    version: int
    fields: tuple[str, ...]
    evidence: str
    institution_id: UUID | None


async def corrections_of(read: Read, person_id: UUID) -> list[Corrected]:
    """Return what was corrected of a person, the newest first; for the person themself."""
    rows = [row for one in await group_of(read, person_id) for row in await store.corrections_of(read, one)]
    rows.sort(key=lambda row: row.id, reverse=True)
    return [Corrected(row.at, row.version, tuple(row.fields), row.evidence, row.institution_id) for row in rows]
