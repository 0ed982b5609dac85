"""Receiving: what a source says is kept as it stands, before anybody looks whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Forbidden, Problem, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.errors import NotYourInstitution, NumberTwice, RecordUnreadable, RecordVersionPassed
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Content, Model, features_of, read_content
from healthcloud.index.model import IMPORT, SUBMIT
from healthcloud.index.records import store
from healthcloud.index.records.contents import blocks, digests, features, seal
from healthcloud.index.records.model import MOST_AT_ONCE, Received, RecordIn, RecordState
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.store import NewRecord, RecordRow


@dataclass(frozen=True, slots=True)
class Told:
    """A record as it was read; its id becomes real if its number is new."""

    item: RecordIn
    number: str
    content: Content
    record_id: UUID


@dataclass(frozen=True, slots=True)
class Source:
    """Whose records these are, and who hands them in."""

    id: UUID
    caller: Caller


def source_of(caller: Caller, source_id: UUID | None) -> Source:
    """Return for which institution somebody may hand records in: their own, or any for the city's staff."""
    if IMPORT not in caller.scopes:
        caller.must(SUBMIT)
    own = caller.institution_id
    if source_id is not None and own is not None and source_id != own:
        raise NotYourInstitution
    wanted = source_id or own
    if wanted is None or (own is None and caller.kind is CallerKind.STAFF and IMPORT not in caller.scopes):
        raise Forbidden
    return Source(wanted, caller)


async def receive(
    tx: Transaction, caller: Caller, items: Sequence[RecordIn], *, source_id: UUID | None = None
) -> list[Received]:
    """
    Keep what an institution says of its patients (scope index.submit or index.import), at most MOST_AT_ONCE at once.

    The answers stand at the places of the items: a new record, another version of one, the same again (not fresh), or
    the problem for which nothing of it was kept. Whose they are is found by `place`, after the commit.
    """
    source = source_of(caller, source_id)
    if len(items) > MOST_AT_ONCE:
        fault = FieldFault("#/records", f"must have at most {MOST_AT_ONCE} items", f"最多 {MOST_AT_ONCE} 项")
        raise Unacceptable(faults=(fault,))
    answers: list[Received | None] = [None] * len(items)
    by_number: dict[str, tuple[int, Told]] = {}
    again: dict[int, str] = {}
    for place, item in enumerate(items):
        read = _read(tx, item)
        if isinstance(read, Problem):
            answers[place] = Received(item.number[:64], None, fresh=False, problem=read)
        elif read.number not in by_number:
            by_number[read.number] = place, read
        elif by_number[read.number][1].content == read.content:
            again[place] = read.number
        else:
            answers[place] = Received(read.number, None, fresh=False, problem=NumberTwice())
    kept = await _keep(tx, source, [read for _, read in by_number.values()]) if by_number else {}
    for number, (place, _) in by_number.items():
        answers[place] = kept[number]
    for place, number in again.items():
        answers[place] = Received(number, kept[number].record_id, fresh=False)
    return [answer for answer in answers if answer is not None]


def _read(tx: Transaction, item: RecordIn) -> Told | Problem:
    faults: list[FieldFault] = []
    number, content = "", Content()
    try:
        number = people.patient_numbers.read_local_number(item.number)
    except people.Broken as broken:
        faults.append(FieldFault("#/number", broken.en, broken.zh))
    try:
        content = read_content(item.written, tx.clock.now().astimezone(SHANGHAI).date())
    except Unacceptable as problem:
        faults += [FieldFault("#/written" + one.pointer.removeprefix("#"), one.en, one.zh) for one in problem.faults]
    if not faults and features_of(content).birth is None:
        en = "is required: no identity number says it, and nobody is told apart without"
        faults.append(FieldFault("#/written/birth_date", en, "必填：证件号码中没有出生日期，无法区分同名者"))
    return RecordUnreadable(faults=tuple(faults)) if faults else Told(item, number, content, new_id())


async def _keep(tx: Transaction, source: Source, reads: Sequence[Told]) -> dict[str, Received]:
    model = await live_model(tx)
    in_order = sorted(reads, key=lambda one: one.number)
    numbers = [one.number for one in in_order]
    claimed = set(await store.claim_numbers(tx, source.id, numbers, [one.record_id for one in in_order]))
    new = [one for one in in_order if one.number in claimed]
    if new:
        rows = [_row(tx, source, one, one.record_id, 1, None) for one in new]
        await store.add_records(tx, rows, model.version, tx.clock.now())
    answers = {one.number: Received(one.number, one.record_id, fresh=True) for one in new}
    changed: list[tuple[RecordRow, Told]] = []
    known = await _known(tx, source, [one for one in in_order if one.number not in claimed])
    for row, one in known:
        if one.item.if_version is not None and row.version not in one.item.if_version:
            answers[one.number] = Received(one.number, None, fresh=False, problem=RecordVersionPassed())
            continue
        same = row.digest in digests(tx.vault, source.id, one.number, one.content)
        fresh = not same or row.state == RecordState.ENDED
        answers[one.number] = Received(one.number, row.id, fresh=fresh)
        if fresh:
            changed.append((row, one))
    if changed:
        await _change(tx, source, changed, model)
    found = [(one.record_id, one) for one in new] + [(row.id, one) for row, one in changed]
    made = [block for record_id, one in found for block in blocks(tx.vault, record_id, features_of(one.content), model)]
    if made:
        await neighbours.add_blocks(tx, made)
    if found:
        detail = {"records": len(found), "changed": len(changed)}
        await audit.record(tx, source.caller, deeds.RECEIVED, source.id, detail=detail)
    return answers


async def _known(tx: Transaction, source: Source, reads: Sequence[Told]) -> list[tuple[RecordRow, Told]]:
    """Return the records there already with what is said of them now, held until this transaction ends."""
    if not reads:
        return []
    by_number = {one.number: one for one in reads}
    there = await store.numbered(tx, source.id, list(by_number))
    rows = await store.lock(tx, sorted(one.record_id for one in there))
    return [(row, by_number[row.number]) for row in rows]


async def _change(tx: Transaction, source: Source, changed: Sequence[tuple[RecordRow, Told]], model: Model) -> None:
    """Keep the former version, forget what it was found by and compared with, write the new one."""
    ids = [row.id for row, _ in changed]
    await store.keep_versions(tx, ids, tx.clock.now())
    former = [block for row, _ in changed for block in blocks(tx.vault, row.id, features(tx.vault, row), model)]
    if former:
        await neighbours.drop_blocks(tx, former)
    others = await neighbours.drop_pairs(tx, ids)
    if others:
        await neighbours.drop_mirrors(tx, ids, others)
    rows = [_row(tx, source, one, row.id, row.version + 1, _still(row)) for row, one in changed]
    await store.replace_contents(tx, rows, tx.clock.now())


def _still(row: RecordRow) -> UUID | None:
    """Return whose a changed record stays until it is placed anew."""
    return None if row.state == RecordState.ENDED else row.person_id


def _row(
    tx: Transaction, source: Source, read: Told, record_id: UUID, version: int, person_id: UUID | None
) -> NewRecord:
    return NewRecord(
        record_id,
        source.id,
        read.number,
        version,
        seal(tx.vault, record_id, version, read.content),
        digests(tx.vault, source.id, read.number, read.content)[0],
        RecordState.WAITING,
        person_id,
        read.item.import_id,
        read.item.line,
        source.caller.account_id,
    )
