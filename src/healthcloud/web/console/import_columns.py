"""Which column of a patient file holds what: guessed, shown with a masked preview, confirmed, and tried at once."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import index
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import IMPORTS
from healthcloud.web.console.import_showing import ONE, told
from healthcloud.web.console.parts import Field, Row, Table, query
from healthcloud.web.forms import faults_of
from healthcloud.web.once import kept_key
from healthcloud.web.page import go_to

router = APIRouter()
COLUMNS = f"{ONE}/columns"
NOWHERE = "-"
LONGEST_HEAD = 30


@view(router, IMPORTS, COLUMNS)
async def ask_columns(desk: Desk) -> Response:
    """Show what was guessed beside the file's first rows."""
    return await _ask(desk)


async def _ask(desk: Desk, values: dict[str, str] | None = None, problem: Problem | None = None) -> Response:
    import_id = desk.id("import_id")
    async with desk.database.read() as read:
        seen = await index.imports.preview(read, desk.caller, import_id)
    columns = [(str(place), _column(desk, place, head)) for place, head in enumerate(seen.shape.header)]
    chosen = values or {name: str(place) for name, place in seen.mapping.columns.items()}
    fields = [
        Field(
            field.value,
            told(desk, index.imports.TITLES[field]),
            "select",
            chosen.get(field.value, NOWHERE),
            options=[(NOWHERE, desk.say("mapping.none")), *columns],
            required=field in index.imports.REQUIRED,
        )
        for field in index.imports.Field
    ]
    rows: list[Row] = [
        (one.n, *one.cells, "；".join(told(desk, (why.zh, why.en)) for why in seen.reasons.get(one.n, ())))
        for one in seen.rows
    ]
    heads = [desk.say("mapping.line"), *(label for _, label in columns), desk.say("refused.why")]
    caption = desk.say("mapping.preview", n=len(rows))
    shared = {} if problem is None else kept_key(desk.request)
    return desk.page(
        "console/index/mapping.html",
        status=200 if problem is None else problem.status,
        up=f"{IMPORTS.href}/{import_id}",
        errors=[] if problem is None else faults_of(desk.words, problem),
        fields=fields,
        warnings=[told(desk, (why.zh, why.en)) for why in seen.warnings],
        preview=Table(caption, heads, rows, desk.say("mapping.no-rows")),
        **shared,
    )


def _column(desk: Desk, place: int, head: str) -> str:
    if not head.strip():
        return desk.say("mapping.unnamed", n=place + 1)
    return desk.say("mapping.column", n=place + 1, name=head[:LONGEST_HEAD])


@view(router, IMPORTS, COLUMNS, "POST")
async def choose_columns(desk: Desk) -> Response:
    """Keep what was confirmed, and have it tried."""
    form, import_id = desk.form(), desk.id("import_id")
    places = {field.value: form.get(field.value, NOWHERE) for field in index.imports.Field}
    mapping = index.imports.Mapping({name: int(place) for name, place in places.items() if place.isdecimal()})

    async def act(tx: Transaction) -> None:
        await index.imports.choose_columns(tx, desk.caller, import_id, mapping)
        await index.imports.try_out(tx, desk.caller, import_id)

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(f"{IMPORTS.href}/{import_id}", done="try"))
