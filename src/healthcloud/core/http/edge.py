"""
The edge around every route: a pure ASGI middleware.

It opens the visit (request id, address), refuses cross-site writes, receives the body whole and bounded, answers what
nobody caught, puts the security headers on every response, and writes one access line and one measurement.
"""

import re
import time
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.errors import FieldFault, Malformed, OutcomeUnknown, Problem, Unavailable
from healthcloud.core.http.access_line import write_access_line
from healthcloud.core.http.address import client_address, peer_of
from healthcloud.core.http.answers import internal_error, told_problem
from healthcloud.core.http.body import BodyReader, check_json, replay
from healthcloud.core.http.crossing import refuse_cross_site
from healthcloud.core.http.headers import headers_of, target_of
from healthcloud.core.http.visit import VISIT, Visit
from healthcloud.core.http.witness import Seen, Witness
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings

_ERRORS = 400
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), screen-wake-lock=(self), usb=()"
    ),
    "Cache-Control": "no-store",
}


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the headers every answer has that says nothing else."""
    more = {"Strict-Transport-Security": "max-age=31536000"} if settings.production else {}
    return SECURITY_HEADERS | more


class Edge:
    """Wrap an ASGI application; outermost but for the hot endpoints, which have their own thin edge."""

    def __init__(self, app: ASGIApp, settings: Settings, witness: Witness | None = None) -> None:
        self._app = app
        self._witness = witness
        self._settings = settings
        self._own_host = urlsplit(settings.public_url).netloc.lower()
        self._bodies = BodyReader(limit=settings.body_limit_bytes, seconds=settings.body_seconds)
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        asked = headers.get("x-request-id", "")
        visit = Visit(
            request_id=asked if _SANE_ID.fullmatch(asked) else new_id().hex,
            address=client_address(peer_of(scope), headers, self._settings.trusted_proxies),
        )
        scope[VISIT] = visit
        answer = _Answer(send, visit, self._headers, is_held=self._witness is not None)
        started = time.perf_counter()
        try:
            await self._serve(scope, receive, answer, headers)
        finally:
            write_access_line(scope, visit, answer.status, time.perf_counter() - started)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer", headers: dict[str, str]) -> None:
        visit: Visit = scope[VISIT]
        try:
            refuse_cross_site(scope["method"], scope["path"], headers, self._own_host)
            _refuse_nul(scope)
            visit.body = await self._bodies.read(receive, headers)
            if visit.body and "json" in headers.get("content-type", ""):
                check_json(visit.body, depth=self._settings.body_depth)
            await self._app(scope, replay(visit.body, receive), answer.send)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last place that can still answer
            problem = error if isinstance(error, Problem) else internal_error(error, visit.request_id)
            visit.code = problem.code
            if answer.status is None:
                await told_problem(scope, problem, visit.request_id)(scope, receive, answer.send)
        if self._witness is not None and answer.held and visit.caller is not None:
            await self._keep(self._witness, visit.caller, scope, receive, answer, headers)

    async def _keep(
        self,
        witness: Witness,
        client: Caller,
        scope: Scope,
        receive: Receive,
        answer: "_Answer",
        headers: dict[str, str],
    ) -> None:
        """Let a client's answer go once its evidence is durable; else say that nobody knows what became of it."""
        visit: Visit = scope[VISIT]
        seen = Seen(
            is_hot=False,
            method=scope["method"],
            path=scope["path"],
            target=target_of(scope),
            caller=client,
            request_id=visit.request_id,
            at=witness.now(),
            headers=headers,
            request=visit.body,
            answer=b"".join(message.get("body", b"") for message in answer.held),
            outcome=visit.code or ("ok" if (answer.status or 0) < _ERRORS else str(answer.status)),
        )
        try:
            await witness.keep(seen)
        except Unavailable:
            problem = OutcomeUnknown(retry_after=1)
            visit.code = problem.code
            answer.forget()
            await told_problem(scope, problem, visit.request_id)(scope, receive, answer.send)
        else:
            await answer.release()


class _Answer:
    """The response on its way out: remembers its status, adds the headers every response has; a client's is held."""

    def __init__(self, send: Send, visit: Visit, headers: dict[str, str], *, is_held: bool) -> None:
        self._send = send
        self._visit = visit
        self._headers = headers
        self._may_hold = is_held
        self.status: int | None = None
        self.held: list[Message] = []

    async def release(self) -> None:
        """Send what was held."""
        for message in self.held:
            await self._send(message)
        self.held.clear()

    def forget(self) -> None:
        """Drop what was held, for another answer that goes at once."""
        self.held.clear()
        self.status, self._may_hold = None, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._visit.request_id
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        caller = self._visit.caller
        if self._may_hold and caller is not None and caller.kind is CallerKind.CLIENT:
            self.held.append(message)
        else:
            await self._send(message)


def _refuse_nul(scope: Scope) -> None:
    if b"\0" in scope["path"].encode() or b"\0" in unquote_to_bytes(scope["query_string"]):
        raise Malformed(faults=(FieldFault("query", "holds a NUL character", "含有空字符"),))
