"""Batches of cards made ahead: ordered by a list, their progress, what was rejected, and the stock that is left."""

import csv
import io
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, cards, institutions
from healthcloud.core.cells import guarded
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.paging import page_of
from healthcloud.web.console.desk import NEWEST, Desk, view
from healthcloud.web.console.fields import institutions_of, uuid_of
from healthcloud.web.console.frame import CARDS
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
BATCHES = "/batches"
ONE = BATCHES + "/{batch_id:uuid}"
AT_ONCE = 20
BOM = "\ufeff"  # by which a spreadsheet knows the file for UTF-8


def _href(batch_id: UUID, rest: str = "") -> str:
    return f"{CARDS.href}{BATCHES}/{batch_id}{rest}"


@view(router, CARDS, BATCHES)
async def list_batches(desk: Desk) -> Response:
    """List batches, the newest first, with how far each is and what is left of it."""
    async with desk.database.read() as read:
        found = await cards.stock.batches(read, desk.caller, before=desk.after("cursor", NEWEST), limit=AT_ONCE + 1)
        listed = page_of(found, AT_ONCE, lambda one: (one.id,))
        names = await institutions.names_of(read, {one.institution_id for one in listed.items if one.institution_id})
        tallies = {one.id: await cards.stock.tally_of(read, desk.caller, one.id) for one in listed.items}
    rows: list[Row] = [
        (
            Cell(one.name, href=_href(one.id)),
            names.get(one.institution_id) if one.institution_id else "",
            at(one.created_at),
            _state(desk, one, tallies[one.id]),
            one.rows,
            tallies[one.id].prepared,
            tallies[one.id].activated,
            tallies[one.id].waiting,
            tallies[one.id].rejected,
        )
        for one in listed.items
    ]
    named = ("name", "institution", "created", "state", "rows", "prepared", "activated", "waiting", "rejected")
    heads = [desk.say(f"batch.{name}") for name in named]
    more = query(CARDS.href + BATCHES, cursor=listed.next) if listed.next else ""
    table = Table(desk.say("batch.title"), heads, rows, desk.say("batch.none"), more)
    actions = [
        Action(f"{CARDS.href}{BATCHES}/new", desk.say("batch.new"), "act"),
        Action(CARDS.href, desk.say("title")),
    ]
    return desk.listed(desk.say("batch.title"), table, about=desk.say("batch.about"), actions=actions)


def _state(desk: Desk, one: cards.stock.Batch, tally: cards.stock.Tally) -> Cell:
    if one.done_at is not None:
        return Cell(desk.say("batch.done"), tone="ok")
    settled = tally.prepared + tally.there + tally.rejected
    return Cell(desk.say("batch.running", settled=settled, rows=one.rows), tone="warn")


@view(router, CARDS, f"{BATCHES}/new")
async def ask_batch(desk: Desk) -> Response:
    """Ask for whom cards are to be made."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        places = await institutions_of(read)
    fields = [
        Field(
            "name",
            desk.say("batch.name"),
            value=values.get("name", ""),
            hint=desk.say("batch.name-hint"),
            maxlength=100,
        ),
        Field(
            "institution_id",
            desk.say("batch.institution"),
            "select",
            values.get("institution_id", ""),
            options=[("", desk.say("batch.nowhere")), *places],
            required=False,
        ),
        Field("rows", desk.say("batch.list"), "area", values.get("rows", ""), desk.say("batch.list-hint")),
    ]
    form = Form(desk.say("batch.act"), fields, about=[desk.say("batch.how", most=cards.stock.MOST_ROWS)])
    return desk.to_fill(desk.say("batch.new"), form, up=CARDS.href + BATCHES, problem=problem)


@view(router, CARDS, f"{BATCHES}/new", "POST")
async def order(desk: Desk) -> Response:
    """Order a batch."""
    form = desk.form()
    try:
        place = form.get("institution_id", "")
        wish = cards.stock.Order(
            form.get("name", ""),
            cards.stock.read_rows(form.get("rows", "")),
            uuid_of(place, "institution_id") if place else None,
        )

        async def act(tx: Transaction) -> UUID:
            return await cards.stock.order_batch(tx, desk.caller, wish)

        batch_id = await desk.transact(act, UUID)
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(_href(batch_id), done="ordered"))


@view(router, CARDS, ONE)
async def show_batch(desk: Desk) -> Response:
    """Show how far a batch is, and why rows were rejected."""
    batch_id = desk.id("batch_id")
    async with desk.database.read() as read:
        one = await cards.stock.batch(read, desk.caller, batch_id)
        tally = await cards.stock.tally_of(read, desk.caller, batch_id)
        faults = await cards.stock.faults_of(read, desk.caller, batch_id)
        names = await institutions.names_of(read, [one.institution_id] if one.institution_id else [])
        logins = await access.staff.logins_of(read, [one.account_id])
    pairs: Pairs = [
        (desk.say("batch.name"), one.name),
        (desk.say("batch.institution"), ", ".join(names.values())),
        (desk.say("batch.by"), logins.get(one.account_id, desk.say("somebody"))),
        (desk.say("batch.created"), at(one.created_at)),
        (desk.say("batch.state"), _state(desk, one, tally)),
        (desk.say("batch.rows"), one.rows),
        (desk.say("batch.prepared"), tally.prepared),
        (desk.say("batch.activated"), tally.activated),
        (desk.say("batch.waiting"), tally.waiting),
        (desk.say("batch.there"), tally.there),
        (desk.say("batch.rejected"), tally.rejected),
    ]
    rows: list[Row] = [(why_of(desk, fault), count) for fault, count in faults.most_common()]
    heads = [desk.say("batch.why"), desk.say("batch.rows")]
    table = Table(desk.say("batch.rejected"), heads, rows, desk.say("batch.none-rejected"))
    section = Section(desk.say("batch.rejected"), tables=[table], about=desk.say("batch.rejected-about"))
    actions = [Action(_href(batch_id, "/rejected.csv"), desk.say("batch.file"))] if tally.rejected else []
    return desk.detailed(one.name, section, pairs=pairs, actions=actions, up=CARDS.href + BATCHES)


def why_of(desk: Desk, fault: str) -> str:
    """Return why a row was rejected, in words."""
    known = f"console-cards.batch-fault.{fault}"
    return desk.words.texts.get(known) or desk.words.texts.get(f"problem.{fault}") or fault


@view(router, CARDS, f"{ONE}/rejected.csv")
async def rejected_file(desk: Desk) -> Response:
    """Give the rejected rows back as they came, with why; a deed. Put right, they can be sent again."""
    batch_id = desk.id("batch_id")
    rows = await desk.database.transact(lambda tx: cards.stock.rejected_rows(tx, desk.caller, batch_id))
    file = io.StringIO(BOM)
    file.seek(0, io.SEEK_END)
    out = csv.writer(file)
    out.writerow([*cards.stock.HEADER, desk.say("batch.why")])
    for one in rows:
        out.writerow([*map(guarded, (one.row.kind, one.row.number, one.row.name)), why_of(desk, one.fault)])
    headers = {"Content-Disposition": f'attachment; filename="rejected-{batch_id}.csv"'}
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
