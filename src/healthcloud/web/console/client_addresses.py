"""From where an institution's program may come: asked when it is admitted, changed afterwards."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.errors import Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field
from healthcloud.web.console.frame import CLIENTS
from healthcloud.web.console.parts import Field, Form, query
from healthcloud.web.page import go_to

router = APIRouter()
PATH = "/{client_id:uuid}/addresses"
LONGEST = 3000


def addresses_field(desk: Desk, value: str) -> Field:
    """Return the field addresses are written in, one a line."""
    return Field(
        "addresses",
        desk.say("head.addresses"),
        "area",
        value,
        desk.say("addresses-hint"),
        required=False,
        maxlength=LONGEST,
    )


def addresses_in(form: dict[str, str]) -> list[str]:
    """Return the addresses a form holds, as written."""
    return form.get("addresses", "").split()


@view(router, CLIENTS, PATH)
async def ask_addresses(desk: Desk) -> Response:
    """Ask from which addresses a program may come."""
    return await _ask(desk, None)


async def _ask(desk: Desk, written: str | None, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await access.clients.client_of(read, desk.caller, desk.id("client_id"))
    value = "\n".join(one.addresses) if written is None else written
    fields = [addresses_field(desk, value), code_field(desk.words)]
    form = Form(
        desk.say("addresses"), fields, review=[(desk.say("head.name"), one.name)], about=[desk.say("addresses-about")]
    )
    return desk.to_fill(desk.say("addresses"), form, up=f"{CLIENTS.href}/{one.id}", problem=problem)


@view(router, CLIENTS, PATH, "POST")
async def change_addresses(desk: Desk) -> Response:
    """Hold a program to these addresses."""
    client_id, form = desk.id("client_id"), desk.form()
    try:
        await desk.transact_proven(
            lambda tx: access.change_client_addresses(tx, desk.caller, client_id, addresses_in(form)), type(None)
        )
    except Problem as problem:
        return await _ask(desk, form.get("addresses", ""), problem)
    return go_to(query(f"{CLIENTS.href}/{client_id}", done="addresses-changed"))
