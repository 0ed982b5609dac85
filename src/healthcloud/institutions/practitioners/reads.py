"""Looking at practitioners: their professional names are public."""

from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.institutions.practitioners import store
from healthcloud.institutions.practitioners.model import Practitioner, Staff

MAX_PAGE = 200


async def practitioners_of(read: Read, institution_id: UUID, *, after: str = "", limit: int = 50) -> list[Staff]:
    """Return who works or worked at an institution; the next page starts after the last one's staff number."""
    return await store.staff_of(read, institution_id, after, min(limit, MAX_PAGE))


async def practitioner_of_account(read: Read, account_id: UUID) -> Practitioner | None:
    """Return the practitioner a staff account is tied to, or None."""
    return await store.practitioner_of_account(read, account_id)
