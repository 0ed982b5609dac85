"""Departments over HTTP, beneath their institution."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, needs_nothing, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.institutions.codes import CodeSetMissing, CodeUnknown
from healthcloud.institutions.departments import actions, reads
from healthcloud.institutions.departments.errors import DepartmentTaken, DepartmentUnknown
from healthcloud.institutions.departments.model import LONGEST_CODE, Department, DepartmentWish
from healthcloud.institutions.errors import InstitutionClosed, InstitutionUnknown, ParticularsWrong
from healthcloud.institutions.model import LONGEST_NAME
from healthcloud.institutions.rights import MANAGE

router = APIRouter(prefix="/institutions/{institution_id}/departments", tags=["institutions"])


class DepartmentBody(Wish):
    """A department to be added; `standard_code` is the city's (code set standard-department)."""

    code: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    standard_code: Annotated[str | None, Field(max_length=4)] = None


@router.get("", dependencies=[needs_nothing("which departments an institution has is public")])
async def list_departments(institution_id: UUID, database: DatabaseIn) -> list[Department]:
    """List an institution's departments by code, closed ones too."""
    async with database.read() as read:
        return await reads.departments_of(read, institution_id)


@router.post(
    "",
    status_code=201,
    response_model=Department,
    dependencies=[needs(MANAGE)],
    responses=problems(
        DepartmentTaken,
        InstitutionUnknown,
        InstitutionClosed,
        ParticularsWrong,
        CodeUnknown,
        CodeSetMissing,
        *once_problems,
    ),
)
async def add_department(institution_id: UUID, body: DepartmentBody, caller: CallerIn, once: OnceIn) -> Response:
    """Add a department; one that is there as described is answered as it is."""
    wish = DepartmentWish(body.code, body.name, body.standard_code)

    async def added(tx: Transaction) -> Department:
        return (await actions.add_departments(tx, caller, {institution_id: [wish]}))[institution_id][0]

    return await once(added)


@router.delete("/{department_id}", status_code=204, dependencies=[needs(MANAGE)], responses=problems(DepartmentUnknown))
async def close_department(institution_id: UUID, department_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Close a department; what stands in it stays."""
    await database.transact(lambda tx: actions.close_department(tx, caller, institution_id, department_id))
