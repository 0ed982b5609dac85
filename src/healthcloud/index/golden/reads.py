"""The golden record of a person: what each source says, and which of it is shown by which rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.index import deeds
from healthcloud.index.golden.model import Authority, Field, Golden, Said, golden_fields
from healthcloud.index.matching import Content
from healthcloud.index.model import CITY, REVIEW
from healthcloud.index.records.contents import content_of_face
from healthcloud.index.records.model import Record, RecordState
from healthcloud.index.records.reads import records_of

PURPOSE = "查看各来源登记"
_UNSTATED_SEX = frozenset({"0", "9"})
_BY_LEVEL = {
    people.Level.DECLARED: Authority.REGISTER,
    people.Level.REGISTRY: Authority.REGISTRY,
    people.Level.FACE_TO_FACE: Authority.DOCUMENT,
    people.Level.FACE_COMPARED: Authority.REGISTRY,
}
# What a correction calls a field, and what the golden record does.
_CORRECTED_AS = {"document_kind": Field.DOCUMENT, "document_number": Field.DOCUMENT}


async def golden_of(tx: Transaction, caller: Caller, person_id: UUID) -> Golden:
    """
    Return what is shown of whom a person resolves to, each value with source and rule (scope index.review).

    It opens what every source says: a deed the person can read. Raises people.PersonNotFound.
    """
    caller.must(REVIEW)
    seen = (await people.faces(tx, None, [person_id])).get(person_id)
    if seen is None:
        raise people.PersonNotFound
    reason = caller.reason or PURPOSE
    await audit.record(tx, replace(caller, reason=reason), deeds.GOLDEN_OPENED, seen.canonical_id)
    return await read_golden(tx, seen)


async def read_golden(read: Read, seen: people.Seen) -> Golden:
    """Return the golden record of a person met; for whoever has checked that it may be looked at."""
    records = await records_of(read, seen.canonical_id)
    corrected = await _corrected(read, seen.canonical_id)
    since = min((one.received_at for one in records), default=read.clock.now())
    sources = [word for record in records for word in _of_record(record)]
    own = list(_of_face(seen, corrected, since))
    fields = golden_fields([*own, *sources])
    differs = _differing(seen, own, sources)
    return Golden(seen.canonical_id, fields, differs)


def _differing(seen: people.Seen, own: list[Said], sources: list[Said]) -> tuple[Field, ...]:
    """Return where the sources together say otherwise than a verified face."""
    if seen.level == people.Level.DECLARED:
        return ()
    shown = {one.field: one.value for one in own}
    said = golden_fields(sources)
    return tuple(one.field for one in said if shown.get(one.field, one.value) != one.value)


def _of_face(seen: people.Seen, corrected: dict[Field, datetime], since: datetime) -> Iterator[Said]:
    authority = _BY_LEVEL[seen.level]
    for field, value in _values(content_of_face(seen.face)):
        at = corrected.get(field)
        yield Said(field, value, CITY, authority if at is None else Authority.CORRECTED, at or since)


def _of_record(record: Record) -> Iterator[Said]:
    if record.source_id == CITY or record.state is RecordState.ENDED:
        return
    for field, value in _values(record.content):
        yield Said(field, value, record.source_id, Authority.SOURCE, record.received_at)


def _values(content: Content) -> Iterator[tuple[Field, str]]:
    """Yield what a content states, in the spelling golden values have."""
    if content.sex not in _UNSTATED_SEX:
        yield Field.SEX, content.sex
    if content.number:
        yield Field.DOCUMENT, f"{content.document_kind or ''}:{content.number}"
    others: tuple[tuple[Field, str | date | None], ...] = (
        (Field.NAME, content.name),
        (Field.BIRTH_DATE, content.birth_date),
        (Field.PHONE, content.phone),
        (Field.ADDRESS, content.address),
        (Field.ETHNICITY, content.ethnicity),
        (Field.NATIONALITY, content.nationality),
    )
    for field, value in others:
        if value:
            yield field, value.isoformat() if isinstance(value, date) else value


async def _corrected(read: Read, person_id: UUID) -> dict[Field, datetime]:
    """Return when people last set which field right; what followed sources is no correction."""
    found: dict[Field, datetime] = {}
    known = {field.value: field for field in Field} | _CORRECTED_AS
    for one in await people.corrections.corrections_of(read, person_id):
        if one.evidence != people.corrections.FOLLOWING:
            for name in one.fields:
                if name in known:
                    found.setdefault(known[name], one.at)
    return found
