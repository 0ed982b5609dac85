"""Forms that may be sent twice and are carried out once, by the key each page gives with its form."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from fastapi import Request

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.http import template_of, visit_of
from healthcloud.core.idempotency import Answer, KeyMissing, KeyUnusable, once, read_key
from healthcloud.web.page import form_of

Result = TypeVar("Result")
LONGEST_KEY = 64


async def carry_out(
    request: Request,
    database: Database,
    caller: Caller,
    action: Callable[[Transaction], Awaitable[Result]],
    kind: type[Result],
    *,
    choice: str = "",
) -> Result:
    """
    Carry a posted form out once, however often it is sent; return what it came to, the same each time.

    A form that stays open may be sent once for each `choice`.
    """
    key = _key(request)
    route = f"POST {template_of(request.scope)}"
    target, body = request.url.path, visit_of(request.scope).body

    async def carried(tx: Transaction) -> Answer:
        return await once(tx, caller, route, key + choice, body, action, target=target)

    return msgspec.json.decode((await database.transact(carried)).body, type=kind)


def kept_key(request: Request) -> dict[str, str]:
    """Return the `once` a refused form's page is shown with: nothing was done under it. Empty for what is no key."""
    try:
        return {"once": _key(request)}
    except (KeyMissing, KeyUnusable):
        return {}


def _key(request: Request) -> str:
    """Return the form's key; raise KeyMissing, KeyUnusable. Stricter than a header's: pages write it into HTML."""
    key = form_of(request).get("once")
    if key is None:
        raise KeyMissing
    if read_key(key) is None or not key.isalnum() or len(key) > LONGEST_KEY:
        raise KeyUnusable
    return key
