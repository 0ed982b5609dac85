"""Departments of an institution: adding one, closing one."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import INSTITUTIONS
from healthcloud.web.console.institutions.labels import options_of
from healthcloud.web.console.institutions.pages import href, own
from healthcloud.web.console.parts import Field, Form, query
from healthcloud.web.page import go_to

router = APIRouter()
PATH = "/{institution_id:uuid}/departments"
ONE = PATH + "/{department_id:uuid}/close"


@view(router, INSTITUTIONS, f"{PATH}/new")
async def ask_department(desk: Desk) -> Response:
    """Ask which department is to be added."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        standard = await options_of(read, desk.words, "standard-department")
    fields = [
        Field("code", desk.say("department.code"), value=values.get("code", ""), maxlength=32),
        Field("name", desk.say("department.name"), value=values.get("name", ""), maxlength=100),
        Field(
            "standard_code",
            desk.say("department.standard"),
            "select",
            values.get("standard_code", ""),
            options=[("", desk.say("department.no-standard")), *((code, f"{code} {name}") for code, name in standard)],
            required=False,
        ),
    ]
    form = Form(desk.say("department.add"), fields)
    return desk.to_fill(desk.say("department.add"), form, up=href(own(desk)), problem=problem)


@view(router, INSTITUTIONS, f"{PATH}/new", "POST")
async def add_department(desk: Desk) -> Response:
    """Add a department; one that is there as described stays as it is."""
    institution_id, form = own(desk), desk.form()
    wish = institutions.departments.DepartmentWish(
        form.get("code", ""), form.get("name", ""), form.get("standard_code") or None
    )

    async def add(tx: Transaction) -> None:
        await institutions.departments.add_departments(tx, desk.caller, {institution_id: [wish]})

    try:
        await desk.transact(add, type(None))
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(href(institution_id), done="department-added"))


@view(router, INSTITUTIONS, ONE)
async def ask_closing(desk: Desk) -> Response:
    """Show the department that is to be closed."""
    institution_id, department_id = own(desk), desk.id("department_id")
    async with desk.database.read() as read:
        one = await institutions.departments.department_of(read, institution_id, department_id)
    form = Form(
        desk.say("department.close"),
        review=[(desk.say("department.code"), one.code), (desk.say("department.name"), one.name)],
        warning=desk.say("department.warning"),
        kind="danger",
    )
    return desk.to_fill(desk.say("department.close"), form, up=href(institution_id))


@view(router, INSTITUTIONS, ONE, "POST")
async def close_department(desk: Desk) -> Response:
    """Close a department; what stands in it stays."""
    institution_id = own(desk)
    department_id = desk.id("department_id")
    await desk.transact(
        lambda tx: institutions.departments.close_department(tx, desk.caller, institution_id, department_id),
        type(None),
    )
    return go_to(query(href(institution_id), done="department-closed"))
