"""What is done to an account of staff: reset, suspend, reinstate, unlock, sign out, leave; each checked first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field
from healthcloud.web.console.frame import STAFF
from healthcloud.web.console.parts import Form, query
from healthcloud.web.console.staff.inviting import told
from healthcloud.web.console.staff.pages import ONE, href, state_of
from healthcloud.web.page import go_to

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Act:
    """One act on an account: what carries it out, whether a one-time code is asked, whether it makes an invitation."""

    act: Callable[[Transaction, Desk, UUID], Awaitable[Any]]
    grave: bool = False
    invites: bool = False
    kind: str = "act"


ACTS = {
    "invite-again": Act(lambda tx, d, i: access.invite_again(tx, d.caller, d.policy, i), invites=True),
    "reset-password": Act(
        lambda tx, d, i: access.staff.reset(tx, d.caller, d.policy, i, access.staff.InvitationKind.PASSWORD),
        grave=True,
        invites=True,
        kind="danger",
    ),
    "reset-factor": Act(
        lambda tx, d, i: access.staff.reset(tx, d.caller, d.policy, i, access.staff.InvitationKind.SECOND_FACTOR),
        grave=True,
        invites=True,
        kind="danger",
    ),
    "suspend": Act(lambda tx, d, i: access.staff.suspend(tx, d.caller, i), kind="danger"),
    "reinstate": Act(lambda tx, d, i: access.staff.reinstate(tx, d.caller, i)),
    "unlock": Act(lambda tx, d, i: access.staff.unlock(tx, d.caller, d.policy, i)),
    "sign-out": Act(lambda tx, d, i: access.staff.sign_out_everywhere(tx, d.caller, i), kind="danger"),
    "leave": Act(lambda tx, d, i: access.leave(tx, d.caller, i), grave=True, kind="danger"),
}


def _act(desk: Desk) -> tuple[str, Act]:
    what = str(desk.request.path_params["what"])
    if what not in ACTS:
        raise NotFound
    return what, ACTS[what]


@view(router, STAFF, ONE + "/{what}")
async def ask(desk: Desk) -> Response:
    """Say what an act does, and to whom."""
    return await _ask(desk)


async def _ask(desk: Desk, problem: Problem | None = None) -> Response:
    what, act = _act(desk)
    async with desk.database.read() as read:
        one = await access.staff.staff_member(read, desk.caller, desk.id("account_id"))
    form = Form(
        desk.say(f"act.{what}"),
        [code_field(desk.words)] if act.grave else [],
        review=[
            (desk.say("head.login"), one.login),
            (desk.say("head.name"), one.name),
            (desk.say("head.state"), state_of(desk, one)),
        ],
        warning=desk.say(f"warning.{what}"),
        kind=act.kind,
    )
    return desk.to_fill(desk.say(f"act.{what}"), form, up=href(one.id), problem=problem)


@view(router, STAFF, ONE + "/{what}", "POST")
async def carry_out(desk: Desk) -> Response:
    """Carry an act out; one that invites shows its link."""
    what, act = _act(desk)
    account_id = desk.id("account_id")

    async def do(tx: Transaction) -> access.Invitation | None:
        made = await act.act(tx, desk, account_id)
        return made if isinstance(made, access.Invitation) else None

    try:
        carry = desk.transact_proven if act.grave else desk.transact
        invitation: access.Invitation | None = await carry(do, access.Invitation if act.invites else type(None))
    except Problem as problem:
        return await _ask(desk, problem)
    return told(desk, invitation) if invitation else go_to(query(href(account_id), done=what))
