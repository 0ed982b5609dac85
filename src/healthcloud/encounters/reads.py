"""Looking at visits: an institution at its own, a resident at theirs and those of whom they act for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.consequences import Line
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.encounters import deeds, store
from healthcloud.encounters.actions import institution_of, open_content
from healthcloud.encounters.errors import EncounterNotFound
from healthcloud.encounters.model import (
    NEWEST,
    Encounter,
    EncounterKind,
    EncounterStatus,
    Place,
    encounter_id,
)
from healthcloud.encounters.store import EncounterRow

RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Former:
    """A former version of a visit, opened, and when another took its place."""

    encounter: Encounter
    replaced_at: datetime


async def find(tx: Transaction, caller: Caller, wanted: UUID | str, *, institution_id: UUID | None = None) -> Encounter:
    """
    Return a visit of the caller's institution by its id or its visit number; raise EncounterNotFound.

    Scope exchange.deliver; a deed its person can read.
    """
    own = institution_of(caller, institution_id)
    one_id = wanted if isinstance(wanted, UUID) else encounter_id(own, wanted)
    rows = [row for row in await store.rows(tx, [one_id]) if row.institution_id == own]
    if not rows:
        raise EncounterNotFound
    found = await opened(tx, rows)
    await _looked_up(tx, caller, found)
    return found[0]


async def list_encounters(
    tx: Transaction,
    caller: Caller,
    *,
    patient_number: str | None = None,
    person_id: UUID | None = None,
    before: Place = NEWEST,
    limit: int = 50,
) -> list[Encounter]:
    """
    Return the caller's institution's visits of its patient number or of a person, newest first.

    Scope exchange.deliver; a deed the person can read. The next page starts before the last one's `list_place`.
    """
    own = institution_of(caller)
    ids: set[UUID] = set()
    if patient_number is not None:
        ids |= {one.encounter_id for one in await store.of_patients(tx, [own], [patient_number])}
    if person_id is not None:
        ids |= await _ids_of(tx, person_id, own)
    rows = await store.page(tx, sorted(ids), before, limit) if ids else []
    found = await opened(tx, [row for row in rows if row.institution_id == own])
    await _looked_up(tx, caller, found)
    return found


async def versions_of(tx: Transaction, caller: Caller, one_id: UUID) -> list[Former]:
    """Return the former versions of a visit of the caller's institution, newest first; raise EncounterNotFound."""
    one = await find(tx, caller, one_id)
    return [
        Former(
            _opened(
                tx,
                EncounterRow(
                    one.id, one.institution_id, one.number, row.version, row.kind, row.status, row.patient_number,
                    row.person_id, one.at, row.content_sealed, row.told_at, row.received_at, caller.account_id,
                ),
                one.person_id,
            ),
            row.replaced_at,
        )
        for row in await store.versions_of(tx, one.id)
    ]  # fmt: skip


async def my_encounters(read: Read, caller: Caller, *, before: Place = NEWEST, limit: int = 50) -> list[Encounter]:
    """Return the caller's own visits at every institution, newest first."""
    return await _theirs(read, caller, caller.person_id, before, limit)


async def open_encounters(
    tx: Transaction, caller: Caller, person_id: UUID, *, before: Place = NEWEST, limit: int = 50
) -> list[Encounter]:
    """Return the visits of somebody the caller acts for in records; a deed they can read. PersonNotFound otherwise."""
    found = await _theirs(tx, caller, person_id, before, limit)
    await audit.record(tx, caller, deeds.READ, person_id)
    return found


async def what_follows(read: Read, person_ids: Sequence[UUID]) -> list[Line]:
    """Return how many visits each of these persons has, which a merge brings together."""
    lines = []
    for one in person_ids:
        ids = await _ids_of(read, one)
        if ids:
            lines.append(Line(one, "consequences.visits", {"count": len(ids)}))
    return lines


async def opened(read: Read, rows: Sequence[EncounterRow]) -> list[Encounter]:
    """Open visits, each with the person it is now: whom a card said, else whose the patient number is."""
    owners: dict[tuple[UUID, str], UUID] = {}
    by_institution: dict[UUID, set[str]] = {}
    for row in rows:
        if row.person_id is None and row.patient_number is not None:
            by_institution.setdefault(row.institution_id, set()).add(row.patient_number)
    for institution_id, numbers in by_institution.items():
        found = await people.patient_numbers.owners_of_numbers(read, institution_id, numbers)
        owners |= {(institution_id, number): owner for number, owner in found.items()}
    said = await people.resolved(read, {row.person_id for row in rows if row.person_id is not None})
    whose = []
    for row in rows:
        named = said.get(row.person_id) if row.person_id is not None else None
        whose.append(named.person_id if named else owners.get((row.institution_id, row.patient_number or "")))
    return [_opened(read, row, person_id) for row, person_id in zip(rows, whose, strict=True)]


async def _theirs(read: Read, caller: Caller, person_id: UUID | None, before: Place, limit: int) -> list[Encounter]:
    # Only the person and who acts for them: staff see what is done at their own institution.
    if caller.kind is not CallerKind.RESIDENT:
        raise Forbidden(scope=RESIDENT)
    if person_id is None or not await people.may_act_for(read, caller, person_id, people.grants.GrantScope.RECORDS):
        raise people.PersonNotFound
    ids = await _ids_of(read, person_id)
    rows = await store.page(read, sorted(ids), before, limit) if ids else []
    return await opened(read, rows)


async def _ids_of(read: Read, person_id: UUID, institution_id: UUID | None = None) -> set[UUID]:
    """Return the visits of a person and of who resolves to the same, at every institution or at one."""
    group = await people.group_of(read, person_id)
    ids = set(await store.of_persons(read, group)) if group else set()
    numbers = await people.patient_numbers.numbers_of(read, group) if group else []
    wanted = [one for one in numbers if institution_id in (None, one.institution_id)]
    if wanted:
        found = await store.of_patients(read, [one.institution_id for one in wanted], [one.number for one in wanted])
        ids |= {one.encounter_id for one in found}
    return ids


async def _looked_up(tx: Transaction, caller: Caller, found: Sequence[Encounter]) -> None:
    persons = sorted({one.person_id for one in found if one.person_id is not None})
    await audit.record_many(tx, caller, [audit.Entry(deeds.LOOKED_UP, one) for one in persons])


def _opened(read: Read, row: EncounterRow, person_id: UUID | None) -> Encounter:
    content = open_content(read.vault, row.id, row.version, row.content_sealed)
    return Encounter(
        id=row.id,
        institution_id=row.institution_id,
        number=row.number,
        version=row.version,
        kind=EncounterKind(row.kind),
        status=EncounterStatus(row.status),
        patient_number=row.patient_number,
        person_id=person_id,
        started_at=content.started_at,
        ended_at=content.ended_at,
        department=content.department,
        practitioner=content.practitioner,
        place=content.place,
        told_at=row.told_at,
        received_at=row.received_at,
        at=row.at,
    )
