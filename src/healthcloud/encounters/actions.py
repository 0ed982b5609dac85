"""Telling of visits: kept as told, once by institution and number, every former version beside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Forbidden, Problem, Unacceptable
from healthcloud.encounters import deeds, store
from healthcloud.encounters.errors import EncounterUnreadable, NotYourVisits
from healthcloud.encounters.model import (
    CONTENT,
    DELIVER,
    MOST_AT_ONCE,
    Content,
    EncounterIn,
    Outcome,
    Recorded,
    State,
    encounter_id,
    faults_of,
    first_state,
    next_state,
    sealed_for,
)
from healthcloud.encounters.store import EncounterRow

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Content)


async def record(
    tx: Transaction, caller: Caller, items: Sequence[EncounterIn], *, institution_id: UUID | None = None
) -> list[Recorded]:
    """
    Keep what an institution tells of visits (scope exchange.deliver), at most MOST_AT_ONCE at once.

    Each answer at the place of its item: new, changed (another version), unchanged (the same again), or the problem
    for which nothing of it was kept. Several tellings of one visit count in their order.
    """
    own = institution_of(caller, institution_id)
    if len(items) > MOST_AT_ONCE:
        fault = FieldFault("#/encounters", f"must have at most {MOST_AT_ONCE} items", f"最多 {MOST_AT_ONCE} 项")
        raise Unacceptable(faults=(fault,))
    known = await _persons(tx, items)
    answers: dict[int, Recorded] = {}
    waiting: dict[int, EncounterIn] = {}
    for place, item in enumerate(items):
        problem = _refusal(item, known)
        if problem is None:
            waiting[place] = item
        else:
            answers[place] = Recorded(item.number[:64], Outcome.REFUSED, problem=problem)
    while waiting:
        firsts: dict[str, int] = {}
        for place, item in waiting.items():
            firsts.setdefault(item.number, place)
        portion = {place: waiting.pop(place) for place in firsts.values()}
        answers |= await _keep(tx, caller, own, portion)
    fresh = sum(one.outcome in (Outcome.NEW, Outcome.CHANGED) for one in answers.values())
    if fresh:
        await audit.record(tx, caller, deeds.RECORDED, own, detail={"encounters": fresh})
    return [answers[place] for place in range(len(items))]


def institution_of(caller: Caller, institution_id: UUID | None = None) -> UUID:
    """Return whose visits a caller may tell of and look up: their own institution's."""
    caller.must(DELIVER)
    own = caller.institution_id
    if own is not None and institution_id not in (None, own):
        raise NotYourVisits
    wanted = own or institution_id
    if wanted is None:
        raise Forbidden
    return wanted


def open_content(vault: Vault, one_id: UUID, version: int, sealed: bytes) -> Content:
    """Open what is known of a visit at one version."""
    return _DECODER.decode(vault.open(CONTENT, sealed_for(one_id, version), sealed))


async def _persons(tx: Transaction, items: Sequence[EncounterIn]) -> set[UUID]:
    named = {item.person_id for item in items if item.person_id is not None}
    return set(await people.resolved(tx, named)) if named else set()


def _refusal(item: EncounterIn, known: set[UUID]) -> Problem | None:
    faults = faults_of(item)
    if faults:
        return EncounterUnreadable(faults=faults)
    if item.person_id is not None and item.person_id not in known:
        return people.PersonNotFound()
    return None


async def _keep(tx: Transaction, caller: Caller, own: UUID, items: Mapping[int, EncounterIn]) -> dict[int, Recorded]:
    """Keep tellings of different visits."""
    now = tx.clock.now()
    place_of = {encounter_id(own, item.number): place for place, item in items.items()}
    told = {one_id: items[place] for one_id, place in place_of.items()}
    new = [
        _row(tx.vault, one_id, own, item.number, 1, first_state(item, now), (now, caller))
        for one_id, item in told.items()
        if item.patient_number is not None or item.person_id is not None
    ]
    added = set(await store.add(tx, new)) if new else set()
    await _find_by(tx, [row for row in new if row.id in added])
    answers = {place_of[one]: Recorded(told[one].number, Outcome.NEW, one, 1) for one in added}
    rest = sorted(set(told) - added)
    there = await store.lock(tx, rest) if rest else []
    after = [_after(tx, caller, row, told[row.id]) for row in there]
    changed = [(row, one) for row, one in zip(there, after, strict=True) if one.version != row.version]
    if changed:
        await _change(tx, changed)
    for row, one in zip(there, after, strict=True):
        outcome = Outcome.UNCHANGED if one.version == row.version else Outcome.CHANGED
        answers[place_of[row.id]] = Recorded(row.number, outcome, row.id, one.version)
    return answers | {place: _nobodys(items[place]) for place in set(items) - set(answers)}


def _after(tx: Transaction, caller: Caller, row: EncounterRow, item: EncounterIn) -> EncounterRow:
    """Return a visit after another telling: the same row where that says nothing new."""
    content = open_content(tx.vault, row.id, row.version, row.content_sealed)
    before = State(row.kind, row.status, row.patient_number, row.person_id, content, row.told_at)
    after = next_state(before, item, tx.clock.now())
    if after._replace(told_at=before.told_at) == before:
        return row
    return _row(tx.vault, row.id, row.institution_id, row.number, row.version + 1, after, (row.at, caller))


def _nobodys(item: EncounterIn) -> Recorded:
    fault = FieldFault("#/patient_number", "is required: or person_id", "必填：患者号或 person_id")
    return Recorded(item.number, Outcome.REFUSED, problem=EncounterUnreadable(faults=(fault,)))


async def _change(tx: Transaction, changed: Sequence[tuple[EncounterRow, EncounterRow]]) -> None:
    """Keep former versions and write the new ones; find them by whose they are now."""
    now = tx.clock.now()
    await store.keep_versions(tx, [before.id for before, _ in changed], now)
    await store.replace(tx, [after._replace(received_at=now) for _, after in changed])
    moved = [
        (before, after)
        for before, after in changed
        if (before.patient_number, before.person_id) != (after.patient_number, after.person_id)
    ]
    if moved:
        patients = [(one.institution_id, one.patient_number, one.id) for one, _ in moved if one.patient_number]
        persons = [(one.person_id, one.id) for one, _ in moved if one.person_id]
        if patients:
            await store.drop_patients(tx, patients)
        if persons:
            await store.drop_persons(tx, persons)
        await _find_by(tx, [after for _, after in moved])


async def _find_by(tx: Transaction, rows: Sequence[EncounterRow]) -> None:
    """Have visits be found: by the person where one was said, else by the patient number."""
    persons = [(row.person_id, row.id) for row in rows if row.person_id]
    patients = [
        (row.institution_id, row.patient_number, row.id) for row in rows if row.patient_number and not row.person_id
    ]
    if persons:
        await store.add_persons(tx, persons)
    if patients:
        await store.add_patients(tx, patients)


def _row(
    vault: Vault, one_id: UUID, own: UUID, number: str, version: int, state: State, written: tuple[datetime, Caller]
) -> EncounterRow:
    """Make the row of a version; `written` is its place in lists where nothing says when it began, and by whom."""
    at, caller = written
    return EncounterRow(
        one_id,
        own,
        number,
        version,
        state.kind,
        state.status,
        state.patient_number,
        state.person_id,
        state.content.started_at or at,
        vault.seal(CONTENT, sealed_for(one_id, version), _ENCODER.encode(state.content)),
        state.told_at,
        at,
        caller.account_id,
    )
