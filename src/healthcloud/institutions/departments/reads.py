"""Looking at departments: public facts."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.institutions.departments import store
from healthcloud.institutions.departments.errors import DepartmentUnknown
from healthcloud.institutions.departments.model import Department


async def departments_of(read: Read, institution_id: UUID) -> list[Department]:
    """Return an institution's departments by code, closed ones too."""
    return await store.departments_of(read, [institution_id])


async def department_of(read: Read, institution_id: UUID, department_id: UUID) -> Department:
    """Return an open department of an institution; raise DepartmentUnknown."""
    found = await store.department(read, institution_id, department_id)
    if found is None or found.state != "open":
        raise DepartmentUnknown
    return found


async def find_department(read: Read, department_id: UUID) -> Department | None:
    """Return a department of whichever institution, closed or not, or None."""
    return await store.department_by_id(read, department_id)


async def require_departments(read: Read, places: AbstractSet[tuple[UUID, UUID]]) -> None:
    """Raise DepartmentUnknown unless each (institution, department) is an open department of that institution."""
    there = await store.departments_of(read, sorted({institution_id for institution_id, _ in places}))
    if not places <= {(one.institution_id, one.id) for one in there if one.state == "open"}:
        raise DepartmentUnknown
