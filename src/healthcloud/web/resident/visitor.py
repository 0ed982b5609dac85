"""Who visits a resident's page: sent to sign in, to their real name, or told that the page is not theirs."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.web.once import carry_out
from healthcloud.web.page import go_to, looker, page


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


async def carry_out_to(
    request: Request, database: Database, caller: Caller, action: Callable[[Transaction], Awaitable[str]]
) -> Response:
    """Carry a form out once whose action answers with the path to go to."""
    return go_to(await carry_out(request, database, caller, action, str))


def _here(request: Request) -> str:
    return request.url.path if request.method == "GET" else "/"
