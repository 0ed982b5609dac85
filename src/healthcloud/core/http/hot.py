"""
The thin edge of a hot endpoint: credentials in, JSON bytes out, problems as everywhere; no router, no model.

It writes no access line: what a hot endpoint does is kept in its own rows, and counted. Problems are counted by code,
and what nobody foresaw is logged.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import Receive, Scope, Send

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem, Unavailable
from healthcloud.core.http.address import client_address
from healthcloud.core.http.answers import internal_error, problem_body, problem_headers
from healthcloud.core.http.body import BodyReader
from healthcloud.core.http.crossing import refuse_cross_site
from healthcloud.core.http.errors import MethodNotAllowed
from healthcloud.core.http.headers import headers_of
from healthcloud.core.http.whole import head_of, send_whole
from healthcloud.core.ids import new_id
from healthcloud.core.metrics import PROBLEMS, REQUEST_SECONDS, REQUESTS
from healthcloud.core.settings import Settings
from healthcloud.core.tallies import Tally, TimeTally

HotHandler = Callable[[Credentials], Awaitable[bytes]]
RETRY_AFTER = (1, 2, 3)  # seconds
_NO_ID = "0" * 32


@dataclass(frozen=True, slots=True)
class HotDocument:
    """What OpenAPI says of a hot endpoint: where it is, its scope, its msgspec types, its own problems."""

    path: str
    scope: str
    summary: str
    description: str
    asks: type[msgspec.Struct]
    answers: type[msgspec.Struct]
    problems: tuple[type[Problem], ...]
    tag: str


_HEAD = head_of(
    {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": "%b",
    }
)


class HotEndpoint:
    """
    A raw ASGI application for one path: POST only; the handler returns the JSON of a 200, or raises a Problem.

    While `is_full` says so, everybody is turned away unheard, at a tenth of the cost: else those turned away would take
    the time of those who wait.
    """

    def __init__(
        self,
        document: HotDocument,
        handler: HotHandler,
        settings: Settings,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self.path = path = document.path
        self.document = document
        self._handler = handler
        self._is_full = is_full
        self._turned_away = TurnedAway(path)
        self._settings = settings
        self._own_host = urlsplit(settings.public_url).netloc.lower()
        self._bodies = BodyReader(limit=settings.body_limit_bytes, seconds=settings.body_seconds)
        self._answered = Tally(REQUESTS.labels("POST", path, "200"))
        self._seconds = TimeTally(REQUEST_SECONDS.labels(path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._is_full():
            await self._turned_away(scope, send)
            return
        started = time.perf_counter()
        request_id = new_id().hex
        try:
            body = await self._handler(await self._credentials(scope, receive))
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last place that can still answer
            problem = error if isinstance(error, Problem) else internal_error(error, request_id)
            await self._refuse(scope, send, problem, request_id)
        else:
            self._answered.inc()
            await send_whole(scope, send, 200, _HEAD % request_id.encode(), body)
        self._seconds.observe(time.perf_counter() - started)

    async def _credentials(self, scope: Scope, receive: Receive) -> Credentials:
        headers = headers_of(scope)
        if scope["method"] != "POST":
            raise MethodNotAllowed(allow="POST")
        refuse_cross_site("POST", self.path, headers, self._own_host)
        body = await self._bodies.read(receive, headers)
        query = scope["query_string"]
        path: bytes = scope.get("raw_path") or self.path.encode()
        return Credentials(
            method="POST",
            target=(path + b"?" + query if query else path).decode("latin-1"),
            headers=headers,
            cookies=cookie_parser(headers["cookie"]) if "cookie" in headers else {},
            body=body,
            address=client_address(scope, headers, self._settings.trusted_proxies),
        )

    async def _refuse(self, scope: Scope, send: Send, problem: Problem, request_id: str) -> None:
        REQUESTS.labels("POST", self.path, str(problem.status)).inc()
        PROBLEMS.labels(problem.code).inc()
        await send_whole(scope, send, problem.status, _head(problem, request_id), problem_body(problem, request_id))


class TurnedAway:
    """Answers Unavailable, made beforehand but for the request's id; whoever comes back does so spread over seconds."""

    def __init__(self, path: str) -> None:
        problems = (Unavailable(retry_after=seconds) for seconds in RETRY_AFTER)
        self._answers = cycle([(_head(problem, _NO_ID), problem_body(problem, _NO_ID)) for problem in problems])
        self._counts = (
            Tally(REQUESTS.labels("POST", path, str(Unavailable.status))),
            Tally(PROBLEMS.labels(Unavailable.code)),
        )

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answer one request, without having read it."""
        head, body = next(self._answers)
        unnamed, request_id = _NO_ID.encode(), new_id().hex.encode()
        for count in self._counts:
            count.inc()
        head, body = head.replace(unnamed, request_id), body.replace(unnamed, request_id)
        await send_whole(scope, send, Unavailable.status, head, body)


def _head(problem: Problem, request_id: str) -> bytes:
    return head_of(problem_headers(problem) | {"X-Content-Type-Options": "nosniff", "X-Request-Id": request_id})
