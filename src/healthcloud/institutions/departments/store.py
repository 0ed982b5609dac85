"""Every statement about departments."""

from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.departments.model import Department


async def add_departments(tx: Transaction, new: list[Department]) -> list[Department]:
    """Add departments whose code is free; return those added."""
    return await tx.all(
        Department,
        """
        INSERT INTO institutions.departments (institution_id, id, code, standard_code, name, state)
        SELECT n.institution_id, n.id, n.code, n.standard_code, n.name, 'open'
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
               AS n (institution_id, id, code, standard_code, name)
         ORDER BY n.institution_id, n.code
        ON CONFLICT (institution_id, code) DO NOTHING
        RETURNING institution_id, id, code, standard_code, name, state
        """,
        [one.institution_id for one in new],
        [one.id for one in new],
        [one.code for one in new],
        [one.standard_code for one in new],
        [one.name for one in new],
    )


async def departments_of(read: Read, institution_ids: list[UUID]) -> list[Department]:
    """Return the departments of these institutions, by code."""
    return await read.all(
        Department,
        """
        SELECT institution_id, id, code, standard_code, name, state FROM institutions.departments
         WHERE institution_id = ANY($1) ORDER BY institution_id, code
        """,
        institution_ids,
    )


async def department(read: Read, institution_id: UUID, department_id: UUID) -> Department | None:
    """Return one department."""
    return await read.one(
        Department,
        """
        SELECT institution_id, id, code, standard_code, name, state FROM institutions.departments
         WHERE institution_id = $1 AND id = $2
        """,
        institution_id,
        department_id,
    )


async def department_by_id(read: Read, department_id: UUID) -> Department | None:
    """Return a department of whichever institution."""
    return await read.one(
        Department,
        """
        SELECT institution_id, id, code, standard_code, name, state FROM institutions.departments WHERE id = $1
        """,
        department_id,
    )


async def close_department(tx: Transaction, institution_id: UUID, department_id: UUID) -> int:
    """Close an open department; 0 when there is none."""
    return await tx.run(
        """
        UPDATE institutions.departments SET state = 'closed'
         WHERE institution_id = $1 AND id = $2 AND state = 'open'
        """,
        institution_id,
        department_id,
    )
