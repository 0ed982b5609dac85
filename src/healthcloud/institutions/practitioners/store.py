"""Every statement about practitioners."""

from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.practitioners.model import Post, Practitioner, Staff


async def add_practitioner(tx: Transaction, one: Practitioner, at: datetime) -> UUID | None:
    """Add a practitioner, or return None when the licence number is another's already."""
    return await tx.value(
        UUID,
        """
        INSERT INTO institutions.practitioners (id, name, licence_number, title_code, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (licence_number) DO NOTHING
        RETURNING id
        """,
        one.id,
        one.name,
        one.licence_number,
        one.title_code,
        at,
    )


async def licensed(read: Read, licence_number: str) -> Practitioner | None:
    """Return the practitioner with this licence number."""
    return await read.one(
        Practitioner,
        "SELECT id, name, licence_number, title_code FROM institutions.practitioners WHERE licence_number = $1",
        licence_number,
    )


async def practitioner(read: Read, practitioner_id: UUID) -> Practitioner | None:
    """Return a practitioner."""
    return await read.one(
        Practitioner,
        "SELECT id, name, licence_number, title_code FROM institutions.practitioners WHERE id = $1",
        practitioner_id,
    )


async def take_post(tx: Transaction, post: Post) -> UUID | None:
    """Write a post, or None when the practitioner or the staff number has one here."""
    return await tx.value(
        UUID,
        """
        INSERT INTO institutions.practitioner_posts
               (institution_id, practitioner_id, staff_number, department_id, started_on)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        RETURNING practitioner_id
        """,
        post.institution_id,
        post.practitioner_id,
        post.staff_number,
        post.department_id,
        post.started_on,
    )


async def post_numbered(read: Read, institution_id: UUID, staff_number: str) -> Post | None:
    """Return the post under a staff number."""
    return await read.one(
        Post,
        """
        SELECT institution_id, practitioner_id, staff_number, department_id, started_on, ended_on
          FROM institutions.practitioner_posts WHERE institution_id = $1 AND staff_number = $2
        """,
        institution_id,
        staff_number,
    )


async def posts_of(read: Read, practitioner_id: UUID) -> list[Post]:
    """Return where a practitioner works or worked."""
    return await read.all(
        Post,
        """
        SELECT institution_id, practitioner_id, staff_number, department_id, started_on, ended_on
          FROM institutions.practitioner_posts WHERE practitioner_id = $1 ORDER BY institution_id
        """,
        practitioner_id,
    )


async def end_post(tx: Transaction, institution_id: UUID, practitioner_id: UUID, on: date) -> int:
    """End a post; 0 when there is none that goes on and began by then."""
    return await tx.run(
        """
        UPDATE institutions.practitioner_posts SET ended_on = $3
         WHERE institution_id = $1 AND practitioner_id = $2 AND ended_on IS NULL AND started_on <= $3
        """,
        institution_id,
        practitioner_id,
        on,
    )


async def staff_of(read: Read, institution_id: UUID, after: str, limit: int) -> list[Staff]:
    """Return an institution's practitioners in the order of their staff numbers, after one of them."""
    return await read.all(
        Staff,
        """
        SELECT p.id AS practitioner_id, p.name, p.title_code, o.staff_number, o.department_id, o.ended_on
          FROM institutions.practitioner_posts o
          JOIN institutions.practitioners p ON p.id = o.practitioner_id
         WHERE o.institution_id = $1 AND o.staff_number > $2
         ORDER BY o.staff_number LIMIT $3
        """,
        institution_id,
        after,
        limit,
    )


async def link_account(tx: Transaction, account_id: UUID, practitioner_id: UUID, at: datetime) -> int:
    """Tie an account to a practitioner; 0 when it is tied to one."""
    return await tx.run(
        """
        INSERT INTO institutions.practitioner_accounts (account_id, practitioner_id, linked_at)
        VALUES ($1, $2, $3) ON CONFLICT (account_id) DO NOTHING
        """,
        account_id,
        practitioner_id,
        at,
    )


async def practitioner_of_account(read: Read, account_id: UUID) -> Practitioner | None:
    """Return whom an account is tied to."""
    return await read.one(
        Practitioner,
        """
        SELECT p.id, p.name, p.licence_number, p.title_code
          FROM institutions.practitioner_accounts a
          JOIN institutions.practitioners p ON p.id = a.practitioner_id
         WHERE a.account_id = $1
        """,
        account_id,
    )
