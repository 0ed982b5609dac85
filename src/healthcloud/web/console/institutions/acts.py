"""What is done to an institution itself: entering, amending, closing, its numbers."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Forbidden, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, day_of
from healthcloud.web.console.frame import INSTITUTIONS
from healthcloud.web.console.institutions.labels import districts_of, named, options_of, streets_of
from healthcloud.web.console.institutions.pages import href, own
from healthcloud.web.console.parts import Field, Form, Pairs, query
from healthcloud.web.drafts import Draft
from healthcloud.web.page import go_to

router = APIRouter()
NEW = "/new"
OF_ONE = "/{institution_id:uuid}"
_TEXTS = ("name", "short_name", "phone", "address")
LONGEST_TEXT = 100
_REQUIRED = frozenset({"name", "class_code", "ownership_code", "district_code"})
_CODES = ("class_code", "level_code", "ownership_code", "district_code", "street_code")


def of_city(desk: Desk) -> None:
    """Raise Forbidden unless the caller belongs to no institution."""
    if desk.caller.institution_id is not None:
        raise Forbidden(scope="institutions.manage")


async def _offered(read: Read, desk: Desk) -> dict[str, list[tuple[str, str]]]:
    words = desk.words
    return {
        "class_code": await options_of(read, words, "institution-class"),
        "level_code": [("", desk.say("no-level")), *await options_of(read, words, "hospital-level")],
        "ownership_code": await options_of(read, words, "institution-ownership"),
        "district_code": await districts_of(read, words),
        "street_code": [("", desk.say("no-street")), *await streets_of(read, words)],
        "has_fever_clinic": [("", words("console.no")), ("yes", words("console.yes"))],
    }


async def _fields(read: Read, desk: Desk, values: dict[str, str]) -> list[Field]:
    offered = await _offered(read, desk)

    def field(name: str) -> Field:
        kind = "select" if name in offered else "text"
        return Field(
            name,
            desk.say(f"field.{name}"),
            kind,
            values.get(name, ""),
            options=offered.get(name, ()),
            required=name in _REQUIRED,
            maxlength=LONGEST_TEXT,
        )

    return [field(name) for name in (*_TEXTS[:2], *_CODES, *_TEXTS[2:], "has_fever_clinic")]


def _particulars(form: dict[str, str], parent_id: UUID | None = None) -> institutions.Particulars:
    return institutions.Particulars(
        name=form.get("name", ""),
        class_code=form.get("class_code", ""),
        ownership_code=form.get("ownership_code", ""),
        district_code=form.get("district_code", ""),
        street_code=form.get("street_code") or None,
        level_code=form.get("level_code") or None,
        short_name=form.get("short_name") or None,
        address=form.get("address") or None,
        phone=form.get("phone") or None,
        has_fever_clinic=form.get("has_fever_clinic") == "yes",
        parent_id=parent_id,
    )


def _number_fields(desk: Desk, values: dict[str, str]) -> list[Field]:
    kinds = [(kind.value, desk.say(f"number.{kind.value}")) for kind in institutions.NumberKind]
    return [
        Field("number_kind", desk.say("number.kind"), "select", values.get("number_kind", ""), options=kinds),
        Field("number", desk.say("number.number"), value=values.get("number", ""), hint=desk.say("number.hint")),
    ]


def _number(form: dict[str, str]) -> institutions.OutsideNumber:
    kind = form.get("number_kind", "")
    return institutions.OutsideNumber(
        institutions.NumberKind(kind) if kind in set(institutions.NumberKind) else institutions.NumberKind.OTHER,
        form.get("number", ""),
    )


def _review(fields: list[Field], form: dict[str, str]) -> Pairs:
    return [(f.label, named(f.options, form.get(f.name, "")) if f.options else form.get(f.name, "")) for f in fields]


@view(router, INSTITUTIONS, NEW)
async def new_institution(desk: Desk) -> Response:
    """Ask what institution is to be entered, or show what was filled in, to be checked."""
    of_city(desk)
    draft = await desk.draft()
    if draft is None or draft.is_changing:
        return await _ask_new(desk, draft.fields if draft else {}, draft=draft)
    fields = await _new_fields(desk, draft.fields)
    hidden = [(field.name, draft.fields.get(field.name, "")) for field in fields] + [("checked", "yes")]
    review = _review(fields, draft.fields)
    reviewed = Form(desk.say("add-act"), review=review, hidden=hidden, change=draft.change)
    return desk.to_fill(desk.say("add"), reviewed, up=f"{INSTITUTIONS.href}{NEW}", draft=draft)


async def _new_fields(desk: Desk, values: dict[str, str]) -> list[Field]:
    async with desk.database.read() as read:
        return [*await _fields(read, desk, values), *_number_fields(desk, values)]


async def _ask_new(
    desk: Desk, values: dict[str, str], problem: Problem | None = None, draft: Draft | None = None
) -> Response:
    form = Form(desk.words("console.check"), await _new_fields(desk, values), about=[desk.say("new-about")])
    return desk.to_fill(desk.say("add"), form, up=INSTITUTIONS.href, problem=problem, draft=draft)


@view(router, INSTITUTIONS, NEW, "POST")
async def open_institution(desk: Desk) -> Response:
    """Keep what was filled in, to be checked; then enter it."""
    of_city(desk)
    form = desk.form()
    if form.get("checked") != "yes":
        fields = await _new_fields(desk, form)
        return await desk.to_check({field.name: form.get(field.name, "") for field in fields})
    wish = institutions.InstitutionWish(_particulars(form), (_number(form),))
    try:
        opened = await desk.transact(
            lambda tx: institutions.open_institution(tx, desk.caller, wish), institutions.Opened
        )
    except Problem as problem:
        return await _ask_new(desk, form, problem)
    return go_to(query(href(opened.institution_id), done="opened" if opened.created else "known"))


@view(router, INSTITUTIONS, f"{OF_ONE}/amend")
async def ask_amendment(desk: Desk) -> Response:
    """Show everything that can be amended."""
    async with desk.database.read() as read:
        one = await institutions.institution(read, own(desk))
    values = {name: getattr(one, name) or "" for name in (*_TEXTS, *_CODES)}
    values |= {"has_fever_clinic": "yes" if one.has_fever_clinic else "", "version": str(one.version)}
    return await _ask_amendment(desk, one, values)


async def _ask_amendment(
    desk: Desk, one: institutions.Institution, values: dict[str, str], problem: Problem | None = None
) -> Response:
    async with desk.database.read() as read:
        fields = await _fields(read, desk, values)
    form = Form(desk.words("console.save"), fields, hidden=[("version", values.get("version", "0"))])
    return desk.to_fill(desk.say("amend-of", name=one.name), form, up=href(one.id), problem=problem)


@view(router, INSTITUTIONS, f"{OF_ONE}/amend", "POST")
async def amend(desk: Desk) -> Response:
    """Replace what is said of an institution, unless somebody else did so meanwhile."""
    institution_id, form = own(desk), desk.form()
    async with desk.database.read() as read:
        one = await institutions.institution(read, institution_id)
    said = _particulars(form, one.parent_id)
    version = int(form.get("version", "0")) if form.get("version", "").isdecimal() else 0
    try:
        await desk.transact(
            lambda tx: institutions.amend_institution(tx, desk.caller, institution_id, version, said), int
        )
    except Problem as problem:
        return await _ask_amendment(desk, one, form, problem)
    return go_to(query(href(institution_id), done="amended"))


@view(router, INSTITUTIONS, f"{OF_ONE}/close")
async def ask_closing(desk: Desk) -> Response:
    """Say what closing does, and ask for the day and a one-time code."""
    of_city(desk)
    return await _ask_closing(desk)


async def _ask_closing(desk: Desk, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await institutions.institution(read, own(desk))
        terminals = await institutions.terminals.terminals_of(read, one.id, limit=200)
    active = sum(terminal.is_active for terminal in terminals)
    form = Form(
        desk.say("close"),
        [Field("on", desk.say("close-on"), "date"), code_field(desk.words)],
        review=[(desk.say("head.name"), one.name), (desk.say("terminal.title"), active)],
        warning=desk.say("close-warning", count=active),
        kind="danger",
    )
    return desk.to_fill(desk.say("close-of", name=one.name), form, up=href(one.id), problem=problem)


@view(router, INSTITUTIONS, f"{OF_ONE}/close", "POST")
async def close(desk: Desk) -> Response:
    """Close an institution and retire its terminals."""
    of_city(desk)
    institution_id = own(desk)
    try:
        on = day_of(desk.form().get("on", ""), "on")
        await desk.transact_proven(lambda tx: institutions.close_institution(tx, desk.caller, institution_id, on), bool)
    except Problem as problem:
        return await _ask_closing(desk, problem)
    return go_to(query(href(institution_id), done="closed"))


@view(router, INSTITUTIONS, f"{OF_ONE}/numbers/new")
async def ask_number(desk: Desk) -> Response:
    """Ask for another number."""
    of_city(desk)
    form = Form(desk.say("number.add"), _number_fields(desk, {}))
    return desk.to_fill(desk.say("number.add"), form, up=href(own(desk)))


@view(router, INSTITUTIONS, f"{OF_ONE}/numbers/new", "POST")
async def add_number(desk: Desk) -> Response:
    """Give an institution another number."""
    of_city(desk)
    institution_id, form = own(desk), desk.form()
    try:
        await desk.transact(lambda tx: institutions.add_number(tx, desk.caller, institution_id, _number(form)), bool)
    except Problem as problem:
        shown = Form(desk.say("number.add"), _number_fields(desk, form))
        return desk.to_fill(desk.say("number.add"), shown, up=href(institution_id), problem=problem)
    return go_to(query(href(institution_id), done="number-added"))


@view(router, INSTITUTIONS, OF_ONE + "/numbers/{kind}/withdraw")
async def ask_withdrawal(desk: Desk) -> Response:
    """Show the number that is to be taken away."""
    of_city(desk)
    kind, number = desk.request.path_params["kind"], desk.asked("number") or ""
    form = Form(
        desk.say("withdraw"),
        review=[(desk.say("number.kind"), kind), (desk.say("number.number"), number)],
        hidden=[("number_kind", kind), ("number", number)],
        warning=desk.say("number.warning"),
        kind="danger",
    )
    return desk.to_fill(desk.say("number.withdraw"), form, up=href(own(desk)))


@view(router, INSTITUTIONS, OF_ONE + "/numbers/{kind}/withdraw", "POST")
async def withdraw_number(desk: Desk) -> Response:
    """Take a wrong number away."""
    of_city(desk)
    institution_id, number = own(desk), _number(desk.form())

    async def withdraw(tx: Transaction) -> None:
        await institutions.withdraw_number(tx, desk.caller, institution_id, number)

    await desk.transact(withdraw, type(None))
    return go_to(query(href(institution_id), done="number-withdrawn"))
