"""A resident's sources: what is shown of them and why, what every institution says, what it said, what was decided."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import index, institutions, people
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console import question_history
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import document_fields, institutions_of, reason_field, uuid_of
from healthcloud.web.console.frame import PERSONS, QUESTIONS
from healthcloud.web.console.parts import Cell, Field, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.console.question_showing import label_of, values_of
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{person_id:uuid}"
SPLIT = f"{ONE}/split/{{record_id:uuid}}"
LONGEST_NUMBER = 64
SAID = ("name", "birth", "number", "phone", "address")
GOLDEN_LABELS = {"birth_date": "birth", "document": "number"}


@view(router, PERSONS)
async def ask_person(desk: Desk) -> Response:
    """Ask by what a resident is to be found."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    by_local = (desk.asked("by") or values.get("by")) == "local"
    if by_local:
        async with desk.database.read() as read:
            places = await institutions_of(read)
        chosen = values.get("institution_id", "")
        fields = [
            Field("institution_id", desk.say("institution"), "select", chosen, options=places),
            Field("number", desk.say("local-number"), value=values.get("number", ""), maxlength=LONGEST_NUMBER),
        ]
    else:
        fields = document_fields(desk.words, values)
    form = Form(
        desk.say("find"),
        [*fields, reason_field(desk.words, values.get("reason", ""))],
        about=[desk.say("about")],
        hidden=[("by", "local" if by_local else "document")],
    )
    tabs = [
        (PERSONS.href, desk.say("by-document"), not by_local),
        (query(PERSONS.href, by="local"), desk.say("by-local"), by_local),
    ]
    return desk.to_fill(desk.say("title"), form, up="", problem=problem, tabs=tabs)


@view(router, PERSONS, "", "POST")
async def find_person(desk: Desk) -> Response:
    """Find a resident by a document or an institution's number: a deed they can read, with the reason."""
    form = desk.form()
    try:
        person_id = await desk.database.transact(lambda tx: _find(tx, desk, form))
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(f"{PERSONS.href}/{person_id}")


async def _find(tx: Transaction, desk: Desk, form: dict[str, str]) -> UUID:
    reason = people.read_evidence(form.get("reason", ""), "reason")
    caller = replace(desk.caller, reason=reason)
    if form.get("by") == "local":
        source_id = uuid_of(form.get("institution_id", ""), "institution_id")
        return await index.whose_number(tx, caller, source_id, form.get("number", ""))
    document = people.DocumentForm(form.get("kind", ""), form.get("number", ""))
    return (await people.find_by_document(tx, caller, document)).person_id


@view(router, PERSONS, ONE)
async def show_person(desk: Desk) -> Response:
    """Show a resident's sources: a deed they can read."""
    person_id = desk.id("person_id")
    golden = await desk.database.transact(lambda tx: index.golden.golden_of(tx, desk.caller, person_id))
    async with desk.database.read() as read:
        records = [one for one in await index.records_of(read, golden.person_id) if one.source_id != index.CITY]
        ids = {one.source_id for one in records} | {one.source_id for one in golden.fields}
        ids |= {said.source_id for one in golden.fields for said in one.others}
        names = await institutions.names_of(read, ids - {index.CITY})
        names[index.CITY] = desk.say("city")
        sections = [
            _golden(desk, golden, names),
            _records(desk, golden.person_id, records, names),
            await _former(read, desk, records, names),
            await _past(read, desk, golden.person_id),
        ]
    pairs: Pairs = [(desk.say("person"), Cell(str(golden.person_id), code=True))]
    return desk.detailed(desk.say("one"), *sections, pairs=pairs, up=PERSONS.href)


def _golden(desk: Desk, golden: index.golden.Golden, names: dict[UUID, str]) -> Section:
    rows: list[Row] = [
        (
            label_of(desk.words, GOLDEN_LABELS.get(one.field, one.field)),
            _shown(desk, one.field, one.value),
            names.get(one.source_id),
            desk.say(f"rule.{one.rule}"),
            at(one.at),
            "；".join(
                desk.say(
                    "golden.other", source=names.get(said.source_id, "–"), value=_shown(desk, one.field, said.value)
                )
                for said in one.others
            ),
            Cell(desk.say("golden.differs"), tone="warn") if one.field in golden.differs else "",
        )
        for one in golden.fields
    ]
    heads = [desk.say(f"golden.{name}") for name in ("field", "value", "source", "rule", "at", "others", "note")]
    table = Table(desk.say("golden.title"), heads, rows, desk.say("golden.none"))
    return Section(desk.say("golden.title"), tables=[table], about=desk.say("verified") if golden.differs else "")


def _shown(desk: Desk, field: str, value: str) -> str:
    """Return a golden value as people read it: a document's number without the code of its kind, a sex in words."""
    if field == index.golden.Field.DOCUMENT:
        return value.partition(":")[2]
    return desk.words(f"sex.{value}") if field == index.golden.Field.SEX else value


def _records(desk: Desk, person_id: UUID, records: list[index.Record], names: dict[UUID, str]) -> Section:
    rows: list[Row] = []
    for one in records:
        said = values_of(desk.words, one.content)
        split = Cell(desk.say("record.split"), href=f"{PERSONS.href}/{person_id}/split/{one.id}")
        rule = f"index.rule.{one.rule}"
        rows.append(
            (
                names.get(one.source_id),
                one.number,
                *(said[field] for field in SAID),
                at(one.received_at),
                desk.words(rule) if rule in desk.words else desk.say("record.first"),
                split,
            )
        )
    heads = [desk.say("record.source"), desk.say("record.number"), *(label_of(desk.words, field) for field in SAID)]
    heads += [desk.say(f"record.{name}") for name in ("received", "rule", "act")]
    return Section(
        desk.say("record.title"), tables=[Table(desk.say("record.title"), heads, rows, desk.say("record.none"))]
    )


async def _former(read: Read, desk: Desk, records: list[index.Record], names: dict[UUID, str]) -> Section:
    rows: list[Row] = []
    for record in records:
        if record.version == 1:
            continue
        for version in (await index.versions_of(read, record))[1:]:
            said = values_of(desk.words, version.content)
            rows.append(
                (
                    names.get(record.source_id),
                    record.number,
                    version.version,
                    *(said[field] for field in SAID),
                    at(version.received_at),
                )
            )
    heads = [desk.say(f"record.{name}") for name in ("source", "number", "version")]
    heads += [*(label_of(desk.words, field) for field in SAID), desk.say("record.received")]
    return Section(
        desk.say("former.title"), tables=[Table(desk.say("former.title"), heads, rows, desk.say("former.none"))]
    )


async def _past(read: Read, desk: Desk, person_id: UUID) -> Section:
    decided = await index.questions.decided_about(read, desk.caller, person_id)
    there = replace(desk, subject=QUESTIONS)
    rows = await question_history.rows_of(read, there, decided, with_question=True)
    heads = question_history.heads(there, with_question=True)
    table = Table(desk.say("history.title"), heads, rows, desk.say("history.none"))
    return Section(desk.say("history.title"), tables=[table])


@view(router, PERSONS, SPLIT)
async def ask_split(desk: Desk) -> Response:
    """Say what taking a record off does, and ask why."""
    return await _ask_split(desk, {})


async def _ask_split(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    person_id, record_id = desk.id("person_id"), desk.id("record_id")
    async with desk.database.read() as read:
        record = await _record(read, person_id, record_id)
        names = await institutions.names_of(read, [record.source_id])
    pairs: Pairs = [
        (desk.say("record.source"), ", ".join(names.values())),
        (desk.say("record.number"), record.number),
        (desk.say("record.received"), at(record.received_at)),
    ]
    fields = [reason_field(desk.words, values.get("reason", ""))]
    form = Form(desk.say("split.act"), fields, review=pairs, warning=desk.say("split.warning"), kind="danger")
    return desk.to_fill(desk.say("split.title"), form, up=f"{PERSONS.href}/{person_id}", problem=problem)


async def _record(read: Read, person_id: UUID, record_id: UUID) -> index.Record:
    for one in await index.records_of(read, person_id):
        if one.id == record_id and one.source_id != index.CITY:
            return one
    raise NotFound


@view(router, PERSONS, SPLIT, "POST")
async def split(desk: Desk) -> Response:
    """Take a record off a resident."""
    person_id, record_id, form = desk.id("person_id"), desk.id("record_id"), desk.form()

    async def act(tx: Transaction) -> index.questions.Answered:
        return await index.questions.split(tx, desk.caller, person_id, [record_id], form.get("reason", ""))

    try:
        done = await desk.transact(act, index.questions.Answered)
    except Problem as problem:
        return await _ask_split(desk, form, problem)
    if done.to_place:
        await index.place(desk.database, list(done.to_place))
    return go_to(query(f"{PERSONS.href}/{person_id}", done="split"))
