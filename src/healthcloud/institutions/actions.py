"""What clerks do with institutions and their numbers. Adding what is there already changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault
from healthcloud.core.ids import new_id
from healthcloud.institutions import reads, store
from healthcloud.institutions.codes import require_codes
from healthcloud.institutions.deeds import AMENDED, CLOSED, NUMBER_ADDED, NUMBER_WITHDRAWN, OPENED
from healthcloud.institutions.errors import (
    ChangedMeanwhile,
    InstitutionClosed,
    InstitutionUnknown,
    NumberMissing,
    NumberTaken,
    NumberUnknown,
    ParticularsWrong,
)
from healthcloud.institutions.model import (
    Alias,
    InstitutionWish,
    Opened,
    Particulars,
    State,
    checked_numbers,
    code_claims,
    is_same,
    particulars_faults,
)
from healthcloud.institutions.numbers import OutsideNumber
from healthcloud.institutions.rights import may_manage, may_manage_city

Prepared = tuple[UUID, InstitutionWish]


async def open_institution(tx: Transaction, caller: Caller, wish: InstitutionWish) -> Opened:
    """Enter one institution; see `open_institutions`."""
    return (await open_institutions(tx, caller, [wish]))[0]


async def open_institutions(tx: Transaction, caller: Caller, wishes: Sequence[InstitutionWish]) -> list[Opened]:
    """
    Enter institutions, each once: a second entry with the same numbers, name, class and district is the first one.

    Of two clerks entering the same number at once the second waits for the first at the number's key, then gets the
    institution there, or NumberTaken where it is described otherwise. Needs institutions.manage for the city. Raises
    NumberMissing, NumberWrong, ParticularsWrong, CodeUnknown.
    """
    may_manage_city(caller)
    prepared = [(new_id(), replace(wish, numbers=checked_numbers(wish.numbers))) for wish in wishes]
    if not all(wish.numbers for _, wish in prepared):
        raise NumberMissing
    await _check(tx, [wish.particulars for wish in wishes])
    free = await _claim(tx, prepared)
    fresh = [(new, wish) for new, wish in prepared if free.get(new, 0) == len(wish.numbers)]
    others = [(new, wish) for new, wish in prepared if free.get(new, 0) < len(wish.numbers)]
    if fresh:
        await store.add_institutions(tx, [new for new, _ in fresh], [wish for _, wish in fresh], tx.clock.now())
        await audit.record_many(tx, caller, [_deed(new, wish) for new, wish in fresh])
    found = dict(await _found(tx, others)) if others else {}
    return [Opened(found.get(new, new), new not in found) for new, _ in prepared]


async def _check(tx: Transaction, said: Sequence[Particulars]) -> None:
    faults = tuple(fault for one in said for fault in particulars_faults(one))
    parents = {one.parent_id for one in said if one.parent_id is not None}
    if len(await store.institutions_by_id(tx, sorted(parents))) < len(parents):
        faults = (*faults, FieldFault("#/parent_id", "is no institution", "不是已登记的机构"))
    if faults:
        raise ParticularsWrong(faults=faults)
    await require_codes(tx, [claim for one in said for claim in code_claims(one)])


async def _claim(tx: Transaction, prepared: list[Prepared]) -> dict[UUID, int]:
    """Claim every number; return how many each institution got."""
    wanted = [(one.kind.value, one.number, new) for new, wish in prepared for one in wish.numbers]
    claimed = await store.claim_aliases(tx, [w[0] for w in wanted], [w[1] for w in wanted], [w[2] for w in wanted])
    counts: dict[UUID, int] = {}
    for one in claimed:
        counts[one.institution_id] = counts.get(one.institution_id, 0) + 1
    return counts


async def _found(tx: Transaction, others: list[Prepared]) -> list[tuple[UUID, UUID]]:
    """Give back what was claimed in vain, and find whom the taken numbers mean."""
    await store.release_aliases(tx, [new for new, _ in others])
    numbers = [one for _, wish in others for one in wish.numbers]
    owners = {(a.kind, a.alias): a.institution_id for a in await store.aliases_spelled(tx, [n.number for n in numbers])}
    there = {one.id: one for one in await store.institutions_by_id(tx, sorted(set(owners.values())))}
    found = []
    for new, wish in others:
        theirs = [owners.get((one.kind.value, one.number)) for one in wish.numbers]
        owner = next((id_ for id_ in theirs if id_ is not None), None)
        if owner is None:
            raise ChangedMeanwhile
        if any(id_ != owner for id_ in theirs) or not is_same(there[owner], wish.particulars):
            raise NumberTaken(institution_id=str(owner))
        found.append((new, owner))
    return found


def _deed(institution_id: UUID, wish: InstitutionWish) -> audit.Entry:
    said = wish.particulars
    return audit.Entry(OPENED, institution_id, detail={"class": said.class_code, "district": said.district_code})


async def amend_institution(
    tx: Transaction, caller: Caller, institution_id: UUID, version: int, said: Particulars
) -> int:
    """
    Replace everything said of an open institution, if `version` is the one that was read; return the new version.

    Raises InstitutionUnknown, InstitutionClosed, ChangedMeanwhile, ParticularsWrong, CodeUnknown.
    """
    may_manage(caller, institution_id)
    await _check(tx, [said])
    if said.parent_id == institution_id:
        raise ParticularsWrong(
            faults=(FieldFault("#/parent_id", "is this institution itself", "上级机构不能是本机构"),)
        )
    amended = await store.amend_institution(tx, institution_id, version, said)
    if amended is None:
        found = await reads.institution(tx, institution_id)
        raise InstitutionClosed if found.state == State.CLOSED else ChangedMeanwhile
    await audit.record(tx, caller, AMENDED, institution_id, detail={"version": amended})
    return amended


async def close_institution(tx: Transaction, caller: Caller, institution_id: UUID, on: date) -> bool:
    """Close an institution and retire its terminals, at once; false when it is closed already."""
    may_manage_city(caller)
    if not await store.close_institution(tx, institution_id, on):
        await reads.institution(tx, institution_id)
        return False
    retired = await store.retire_terminals(tx, institution_id, tx.clock.now())
    await audit.record(tx, caller, CLOSED, institution_id, detail={"terminals": retired})
    return True


async def add_number(tx: Transaction, caller: Caller, institution_id: UUID, number: OutsideNumber) -> bool:
    """Give an institution another outside number; false when it has it already. Raises NumberWrong, NumberTaken."""
    may_manage_city(caller)
    (one,) = checked_numbers((number,))
    await hold_open(tx, [institution_id])
    if await store.claim_aliases(tx, [one.kind.value], [one.number], [institution_id]):
        await audit.record(tx, caller, NUMBER_ADDED, institution_id, detail={"kind": one.kind.value})
        return True
    held = [alias for alias in await store.aliases_spelled(tx, [one.number]) if alias.kind == one.kind]
    if held != [Alias(one.kind.value, one.number, institution_id)]:
        raise NumberTaken(institution_id=str(held[0].institution_id) if held else None)
    return False


async def withdraw_number(tx: Transaction, caller: Caller, institution_id: UUID, number: OutsideNumber) -> None:
    """Take a wrong number from an institution; it keeps at least one. Raises NumberUnknown, NumberMissing."""
    may_manage_city(caller)
    (one,) = checked_numbers((number,))
    await hold_open(tx, [institution_id])
    if not await store.drop_alias(tx, institution_id, one.kind.value, one.number):
        raise NumberUnknown
    if not await store.aliases_of(tx, [institution_id]):
        raise NumberMissing
    await audit.record(tx, caller, NUMBER_WITHDRAWN, institution_id, detail={"kind": one.kind.value})


async def hold_open(tx: Transaction, institution_ids: Sequence[UUID]) -> None:
    """Keep institutions from being closed until this transaction ends; raise where one is closed or unknown."""
    standing = await store.hold_standing(tx, list(institution_ids))
    if len(standing) < len(set(institution_ids)):
        raise InstitutionUnknown
    if any(one.state == State.CLOSED for one in standing):
        raise InstitutionClosed
