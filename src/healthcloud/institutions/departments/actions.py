"""What clerks do with departments."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.institutions.actions import hold_open
from healthcloud.institutions.codes import CodeClaim, require_codes
from healthcloud.institutions.deeds import DEPARTMENT_ADDED, DEPARTMENT_CLOSED
from healthcloud.institutions.departments import store
from healthcloud.institutions.departments.errors import DepartmentTaken, DepartmentUnknown
from healthcloud.institutions.departments.model import Department, DepartmentWish, is_same, wish_faults
from healthcloud.institutions.errors import ParticularsWrong
from healthcloud.institutions.rights import may_manage


async def add_departments(
    tx: Transaction, caller: Caller, wishes: Mapping[UUID, Sequence[DepartmentWish]]
) -> dict[UUID, list[Department]]:
    """
    Add departments to open institutions and return them per institution, in the order of the wishes.

    One that is there as wished is returned as it is; raises DepartmentTaken where its code means another one, also
    ParticularsWrong, CodeUnknown, InstitutionClosed, InstitutionUnknown.
    """
    for institution_id in wishes:
        may_manage(caller, institution_id)
    await _check(tx, [wish for some in wishes.values() for wish in some])
    await hold_open(tx, list(wishes))
    added = await store.add_departments(tx, [_new(owner, wish) for owner, some in wishes.items() for wish in some])
    entries = [
        audit.Entry(DEPARTMENT_ADDED, one.institution_id, detail={"department": str(one.id), "code": one.code})
        for one in added
    ]
    await audit.record_many(tx, caller, entries)
    there = {(one.institution_id, one.code): one for one in await store.departments_of(tx, list(wishes))}
    found = {owner: [there[owner, wish.code] for wish in some] for owner, some in wishes.items()}
    for owner, some in wishes.items():
        if not all(is_same(one, wish) for one, wish in zip(found[owner], some, strict=True)):
            raise DepartmentTaken
    return found


async def _check(tx: Transaction, wishes: Sequence[DepartmentWish]) -> None:
    faults = tuple(fault for wish in wishes for fault in wish_faults(wish))
    if faults:
        raise ParticularsWrong(faults=faults)
    claims = [
        CodeClaim("standard-department", wish.standard_code, "#/standard_code")
        for wish in wishes
        if wish.standard_code is not None
    ]
    await require_codes(tx, claims)


def _new(institution_id: UUID, wish: DepartmentWish) -> Department:
    return Department(institution_id, new_id(), wish.code, wish.standard_code, wish.name, "open")


async def close_department(tx: Transaction, caller: Caller, institution_id: UUID, department_id: UUID) -> None:
    """Close a department; what stands in it stays. Raises DepartmentUnknown."""
    may_manage(caller, institution_id)
    if not await store.close_department(tx, institution_id, department_id):
        raise DepartmentUnknown
    await audit.record(tx, caller, DEPARTMENT_CLOSED, institution_id, detail={"department": str(department_id)})
