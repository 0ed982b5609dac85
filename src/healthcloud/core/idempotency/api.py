"""
The Idempotency-Key of a request, and the one line a route needs; the answer leaves after the COMMIT.

    @router.post("", status_code=201, response_model=Card, dependencies=[needs("cards.issue")],
                 responses=problems(AlreadyIssued, *once_problems))
    async def issue(wish: Wish, caller: CallerIn, once: OnceIn) -> Response:
        return await once(lambda tx: actions.issue(tx, caller, wish.person_id))
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, template_of, visit_of
from healthcloud.core.http.headers import headers_of
from healthcloud.core.idempotency.actions import once
from healthcloud.core.idempotency.each import Asked
from healthcloud.core.idempotency.errors import KeyMissing, KeyReused, KeyUnusable
from healthcloud.core.idempotency.model import Answer, read_key

Result = TypeVar("Result")
once_problems = (KeyMissing, KeyUnusable, KeyReused)


async def _key(
    request: Request,
    header: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Random, 8 to 128 characters; the same key with the same body is carried out once in a day. "
            "随机串，同键同内容一天内只办理一次。",
        ),
    ] = None,
) -> str:
    if header is None:
        raise KeyMissing
    # FastAPI gives one of a header that was sent twice; joined, they are no key.
    key = read_key(headers_of(request.scope)["idempotency-key"])
    if key is None:
        raise KeyUnusable
    return key


IdempotencyKey = Annotated[str, Depends(_key)]


class Once:
    """This request, to be carried out once in one transaction."""

    def __init__(self, request: Request, database: Database, caller: Caller, key: str) -> None:
        self._request = request
        self._database = database
        self._caller = caller
        self._key = key

    async def __call__(self, action: Callable[[Transaction], Awaitable[Result]], *, status: int = 201) -> Response:
        """Run the action by `database.transact` and return its answer as JSON, or the stored one again."""
        route = f"{self._request.method} {template_of(self._request.scope)}"
        target = str(self._request.url.path) + "?" + self._request.url.query
        body = visit_of(self._request.scope).body

        async def carried_out(tx: Transaction) -> Answer:
            return await once(tx, self._caller, route, self._key, body, action, target=target, status=status)

        return response_of(await self._database.transact(carried_out))


def response_of(answer: Answer) -> Response:
    """Return an answer as JSON, marked when it is the first request's again."""
    headers = {"Idempotent-Replay": "true"} if answer.replayed else {}
    return Response(answer.body, answer.status, headers, media_type="application/json")


async def _once(request: Request, database: DatabaseIn, caller: CallerIn, key: IdempotencyKey) -> Once:
    return Once(request, database, caller, key)


async def _asked(request: Request, caller: CallerIn, key: IdempotencyKey) -> Asked:
    target = str(request.url.path) + "?" + request.url.query
    return Asked(caller, f"{request.method} {template_of(request.scope)}", key, visit_of(request.scope).body, target)


OnceIn = Annotated[Once, Depends(_once)]
AskedIn = Annotated[Asked, Depends(_asked)]
