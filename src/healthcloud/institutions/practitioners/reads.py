"""Looking at practitioners: their professional names are public."""

from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.institutions.practitioners import store
from healthcloud.institutions.practitioners.model import Post, Practitioner, Staff, plain_number

MAX_PAGE = 200


async def practitioners_of(read: Read, institution_id: UUID, *, after: str = "", limit: int = 50) -> list[Staff]:
    """Return who works or worked at an institution; the next page starts after the last one's staff number."""
    return await store.staff_of(read, institution_id, after, min(limit, MAX_PAGE))


async def practitioner_of_account(read: Read, account_id: UUID) -> Practitioner | None:
    """Return the practitioner a staff account is tied to, or None."""
    return await store.practitioner_of_account(read, account_id)


async def practitioner(read: Read, practitioner_id: UUID) -> Practitioner | None:
    """Return a practitioner, or None."""
    return await store.practitioner(read, practitioner_id)


async def practitioner_licensed(read: Read, licence_number: str) -> Practitioner | None:
    """Return whose licence number this is, in any spelling, or None."""
    return await store.licensed(read, plain_number(licence_number))


async def post_numbered(read: Read, institution_id: UUID, staff_number: str) -> Post | None:
    """Return the post under a staff number of an institution, in any spelling, or None."""
    return await store.post_numbered(read, institution_id, plain_number(staff_number))


async def posts_of(read: Read, practitioner_id: UUID) -> list[Post]:
    """Return where a practitioner works or worked, under which staff number."""
    return await store.posts_of(read, practitioner_id)
