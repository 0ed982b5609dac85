"""
The short way of a look: a GET with a cookie, answered without scope, router, model or access line; counted as any.

Whatever comes another way (with a query, over an old protocol, through another server) meets the route of the same
address, which gives the same answer.
"""

import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import NamedTuple

from starlette.requests import cookie_parser

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem
from healthcloud.core.http.address import client_address
from healthcloud.core.http.answers import internal_error
from healthcloud.core.http.hot import Answer, Asked, problem_answer
from healthcloud.core.ids import new_id_text
from healthcloud.core.metrics import PROBLEMS, REQUEST_SECONDS, REQUESTS
from healthcloud.core.settings import Settings
from healthcloud.core.tallies import Tally, TimeTally

_NOT_MODIFIED = 304  # it has no body, so a length would be that of another answer


class Looked(NamedTuple):
    r"""What is shown: `head` is header lines, each ended by \r\n, without length and request id."""

    status: int
    head: bytes
    body: bytes


LookHandler = Callable[[Credentials], Awaitable[Looked]]


class HotLook:
    """What answers GET of one address, without a query."""

    def __init__(self, path: str, handler: LookHandler, settings: Settings) -> None:
        self.path = path
        self._handler = handler
        self._settings = settings
        self._answered: dict[int, Tally] = {}

    @cached_property
    def _seconds(self) -> TimeTally:
        return TimeTally(REQUEST_SECONDS.labels(self.path))

    async def answer(self, asked: Asked) -> Answer:
        """Answer one whole request."""
        started = time.perf_counter()
        request_id = new_id_text()
        try:
            status, head, body = await self._handler(self._credentials(asked))
        except Exception as error:  # noqa: BLE001 - the last place that can still answer
            problem = error if isinstance(error, Problem) else internal_error(error, request_id)
            PROBLEMS.labels(problem.code).inc()
            self._count(problem.status)
            return problem_answer(problem, request_id)
        self._count(status)
        self._seconds.observe(time.perf_counter() - started)
        length = b"" if status == _NOT_MODIFIED else b"content-length: %d\r\n" % len(body)
        return Answer(status, b"%bx-request-id: %b\r\n%b" % (head, request_id.encode(), length), body)

    def _count(self, status: int) -> None:
        if status not in self._answered:
            self._answered[status] = Tally(REQUESTS.labels("GET", self.path, str(status)))
        self._answered[status].inc()

    def _credentials(self, asked: Asked) -> Credentials:
        headers = asked.headers
        return Credentials(
            method="GET",
            target=asked.target,
            headers=headers,
            cookies=cookie_parser(headers["cookie"]) if "cookie" in headers else {},
            body=b"",
            address=client_address(asked.peer, headers, self._settings.trusted_proxies),
        )
