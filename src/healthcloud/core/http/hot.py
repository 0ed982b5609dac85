"""
The thin edge of a hot endpoint: credentials in, JSON bytes out, problems as everywhere; no router, no model.

It writes no access line: what a hot endpoint does is kept in its own rows, and counted. Problems are counted by code,
and what nobody foresaw is logged.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import Receive, Scope, Send

from healthcloud.core.caller import Caller, Credentials
from healthcloud.core.errors import OutcomeUnknown, Problem, Unavailable
from healthcloud.core.http.address import client_address, peer_of
from healthcloud.core.http.answers import internal_error, problem_body, problem_headers
from healthcloud.core.http.body import BodyReader
from healthcloud.core.http.crossing import refuse_cross_site
from healthcloud.core.http.errors import BodyTooLarge, MethodNotAllowed
from healthcloud.core.http.headers import headers_of
from healthcloud.core.http.witness import Seen, Witness
from healthcloud.core.ids import new_id_text
from healthcloud.core.metrics import PROBLEMS, REQUEST_SECONDS, REQUESTS
from healthcloud.core.settings import Settings
from healthcloud.core.tallies import Tally, TimeTally

HotHandler = Callable[[Credentials], Awaitable[bytes]]
RETRY_AFTER = (1, 2, 3)  # seconds
_NO_ID = "0" * 32
_HEAD = (
    b"content-type: application/json\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
    b"x-request-id: %b\r\ncontent-length: %d\r\n"
)


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


class Asked(NamedTuple):
    """A POST that has come whole: its headers by lower-case names, target as sent, body, and the peer's address."""

    headers: Mapping[str, str]
    target: str
    body: bytes
    peer: str | None


class Answer(NamedTuple):
    r"""An answer: `head` is header lines, each ended by \r\n, the body's length among them."""

    status: int
    head: bytes
    body: bytes


class HotPath(ABC):
    """
    A raw ASGI application for one path: POST only.

    While `is_full` says so, everybody is turned away unheard, at a tenth of the cost: else those turned away would take
    the time of those who wait.
    """

    def __init__(self, path: str, settings: Settings, is_full: Callable[[], bool] = lambda: False) -> None:
        self.path = path
        self.is_full = is_full
        self.witness: Witness | None = None
        self._turned_away = TurnedAway(path, self.told)
        self._settings = settings
        self._own_host = urlsplit(settings.public_url).netloc.lower()
        self._bodies = BodyReader(limit=settings.body_limit_bytes, seconds=settings.body_seconds)
        self._answered = Tally(REQUESTS.labels("POST", path, "200"))
        self._seconds = TimeTally(REQUEST_SECONDS.labels(path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in ASGI's messages."""
        answer = self.turned_away() if self.is_full() else await self._heard(scope, receive)
        if answer is None:
            return
        lines = answer.head[:-2].split(b"\r\n")
        headers = [tuple(line.split(b": ", 1)) for line in lines]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def turned_away(self) -> Answer:
        """Return the answer to whoever comes while this is full."""
        return self._turned_away()

    async def answer(self, asked: Asked) -> Answer:
        """Answer one whole request."""
        started = time.perf_counter()
        request_id, outcome = new_id_text(), "ok"
        credentials: Credentials | None = None
        try:
            credentials = self._credentials(asked)
            answer = await self._answer(credentials, request_id)
        except Exception as error:  # noqa: BLE001 - the last place that can still answer
            problem = error if isinstance(error, Problem) else internal_error(error, request_id)
            answer, outcome = self._refused(problem, request_id), problem.code
        else:
            self._answered.inc()
        if self.witness is not None and credentials is not None and credentials.proven.client is not None:
            seen = self._seen(self.witness.now(), credentials, credentials.proven.client, answer, outcome, request_id)
            answer = await self._witnessed(self.witness, seen, answer)
        self._seconds.observe(time.perf_counter() - started)
        return answer

    def _seen(
        self, at: datetime, asked: Credentials, client: Caller, answer: Answer, outcome: str, request_id: str
    ) -> Seen:
        return Seen(
            is_hot=True,
            method="POST",
            path=self.path,
            target=asked.target,
            caller=client,
            request_id=request_id,
            at=at,
            headers=asked.headers,
            request=asked.body,
            answer=answer.body,
            outcome=outcome,
        )

    async def _witnessed(self, witness: Witness, seen: Seen, answer: Answer) -> Answer:
        """Return the answer once its evidence is durable, or that nobody knows what became of the request."""
        try:
            await witness.keep(seen)
        except Unavailable:
            return self._refused(OutcomeUnknown(retry_after=1), seen.request_id)
        return answer

    @abstractmethod
    async def _answer(self, credentials: Credentials, request_id: str) -> Answer:
        """Answer a request that came whole, or raise a Problem."""

    @abstractmethod
    def told(self, problem: Problem, request_id: str) -> Answer:
        """Return a refusal in this path's own form."""

    async def _heard(self, scope: Scope, receive: Receive) -> Answer | None:
        """Receive the request and answer it; None where nobody is there any more."""
        headers = headers_of(scope)
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed(allow="POST")
            body = await self._bodies.read(receive, headers)
        except ClientDisconnect:
            return None
        except Problem as problem:
            return self._refused(problem, new_id_text())
        query = scope["query_string"]
        path: bytes = scope.get("raw_path") or self.path.encode()
        target = (path + b"?" + query if query else path).decode("latin-1")
        return await self.answer(Asked(headers, target, body, peer_of(scope)))

    def _credentials(self, asked: Asked) -> Credentials:
        headers = asked.headers
        if len(asked.body) > self._settings.body_limit_bytes:
            raise BodyTooLarge(limit_bytes=self._settings.body_limit_bytes)
        refuse_cross_site("POST", self.path, headers, self._own_host)
        return Credentials(
            method="POST",
            target=asked.target,
            headers=headers,
            cookies=cookie_parser(headers["cookie"]) if "cookie" in headers else {},
            body=asked.body,
            address=client_address(asked.peer, headers, self._settings.trusted_proxies),
        )

    def _refused(self, problem: Problem, request_id: str) -> Answer:
        answer = self.told(problem, request_id)
        REQUESTS.labels("POST", self.path, str(answer.status)).inc()
        PROBLEMS.labels(problem.code).inc()
        return answer


class HotEndpoint(HotPath):
    """A hot path of our own interface: the handler returns the JSON of a 200, or raises a Problem."""

    def __init__(
        self,
        document: HotDocument,
        handler: HotHandler,
        settings: Settings,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(document.path, settings, is_full)
        self.document = document
        self._handler = handler

    async def _answer(self, credentials: Credentials, request_id: str) -> Answer:
        body = await self._handler(credentials)
        return Answer(200, _HEAD % (request_id.encode(), len(body)), body)

    def told(self, problem: Problem, request_id: str) -> Answer:
        """Return a refusal as RFC 9457 has it."""
        return problem_answer(problem, request_id)


class TurnedAway:
    """Answers Unavailable, made beforehand but for the request's id; whoever comes back does so spread over seconds."""

    def __init__(self, path: str, told: Callable[[Problem, str], Answer]) -> None:
        problems = (Unavailable(retry_after=seconds) for seconds in RETRY_AFTER)
        self._answers = cycle([told(problem, _NO_ID) for problem in problems])
        self._counts = (
            Tally(REQUESTS.labels("POST", path, str(Unavailable.status))),
            Tally(PROBLEMS.labels(Unavailable.code)),
        )

    def __call__(self) -> Answer:
        """Return the answer to one request, which need not have been read."""
        status, head, body = next(self._answers)
        unnamed, request_id = _NO_ID.encode(), new_id_text().encode()
        for count in self._counts:
            count.inc()
        return Answer(status, head.replace(unnamed, request_id), body.replace(unnamed, request_id))


def problem_answer(problem: Problem, request_id: str) -> Answer:
    """Return a problem as a hot answer."""
    body = problem_body(problem, request_id)
    headers = problem_headers(problem) | {
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": request_id,
        "Content-Length": str(len(body)),
    }
    lines = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
    return Answer(problem.status, lines.encode("latin-1"), body)
