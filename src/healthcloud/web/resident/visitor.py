"""Who visits a resident's page: sent to sign in, to their real name, or told that the page is not theirs."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import Request
from starlette.responses import Response

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.http import template_of, visit_of
from healthcloud.core.idempotency import Answer, KeyMissing, KeyUnusable, once
from healthcloud.core.idempotency.model import read_key
from healthcloud.web.page import form_of, go_to, looker, page

Result = TypeVar("Result")


async def visitor(request: Request, *, person: bool = True) -> Caller | Response:
    """Return the resident who looks, with a `person` of their own unless not needed; else where the browser goes."""
    caller = await looker(request)
    if caller.kind is CallerKind.GUEST:
        return go_to(f"/sign-in?next={quote(_here(request), safe='/')}")
    if caller.kind is not CallerKind.RESIDENT:
        return page(request, "kit/not_yours.html", status=403)
    if person and caller.person_id is None:
        return go_to(f"/real-name?next={quote(_here(request), safe='/')}")
    return caller


def own_person(caller: Caller) -> UUID:
    """Return the person of a resident whom `visitor` let pass."""
    if caller.person_id is None:
        raise LookupError
    return caller.person_id


async def carry_out(
    request: Request,
    database: Database,
    caller: Caller,
    action: Callable[[Transaction], Awaitable[Result]],
    *,
    choice: str = "",
) -> bytes:
    """
    Carry a posted form out once, however often it is sent; return what the action answered, as JSON.

    A form that stays open may be sent once for each `choice`.
    """
    key = form_of(request).get("once")
    if key is None:
        raise KeyMissing
    if read_key(key) is None:
        raise KeyUnusable
    route = f"POST {template_of(request.scope)}"
    target, body = request.url.path, visit_of(request.scope).body

    async def carried(tx: Transaction) -> Answer:
        return await once(tx, caller, route, key + choice, body, action, target=target)

    return (await database.transact(carried)).body


async def carry_out_to(
    request: Request, database: Database, caller: Caller, action: Callable[[Transaction], Awaitable[str]]
) -> Response:
    """Carry a form out once whose action answers with the path to go to."""
    return go_to(msgspec.json.decode(await carry_out(request, database, caller, action), type=str))


def _here(request: Request) -> str:
    return request.url.path if request.method == "GET" else "/"
