"""Around the whole application in a sandbox: failures on a switch, and every call noted as it came and went."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from healthcloud.core.errors import Problem
from healthcloud.core.http import problem_response
from healthcloud.core.ids import new_id
from healthcloud.sandbox import actions
from healthcloud.sandbox.current import Current
from healthcloud.sandbox.errors import SwitchedOff
from healthcloud.sandbox.model import Call, Heard, Signed, Switches
from healthcloud.sandbox.spoiling import spoiled
from healthcloud.sandbox.strings import Face, face_of, key_id_of

log = structlog.get_logger("healthcloud.sandbox")

LONGEST_HELD_SECONDS = 2.0
LONGEST_KEPT = 1 << 16
_CLOSED: Message = {"type": "http.disconnect"}


class Wrapped(Protocol):
    """The application that is recorded."""

    gate: Any

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        ...


class Told(NamedTuple):
    """An answer, held back until it is to leave."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Recorder:
    """The application with its journal; no short way for hot requests, so that all are noted."""

    hot: Mapping[str, Any] = {}
    looks: Mapping[str, Any] = {}

    def __init__(self, application: Wrapped, current: Current, faces: tuple[Face, ...]) -> None:
        self._application = application
        self._current = current
        self._faces = faces
        self._held: defaultdict[tuple[str, UUID], asyncio.Event] = defaultdict(asyncio.Event)
        self.gate = application.gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what belongs to no face goes by unseen."""
        face = face_of(self._faces, scope["path"]) if scope["type"] == "http" else None
        if face is None:
            await self._application(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        heard = Heard(scope["method"], _target(scope), _headers(scope["headers"]), body)
        signed = await _explained(face, heard)
        key_id = key_id_of(signed.key) if signed else None
        owner = None if key_id is None else await self._current.owner_of(key_id)
        on, began = self._current.switches(face.name, owner), time.perf_counter()
        told = await self._answer(scope, heard, on)
        took = round((time.perf_counter() - began) * 1000)
        await self._note(face, heard, signed, owner, on, told, took)
        await send({"type": "http.response.start", "status": told.status, "headers": told.headers})
        await send({"type": "http.response.body", "body": told.body})

    async def _answer(self, scope: Scope, heard: Heard, on: Switches) -> Told:
        if on.slow_ms:
            await asyncio.sleep(on.slow_ms / 1000)
        if on.down:
            return await _told(problem_response(SwitchedOff(retry_after=2), new_id().hex), scope, b"")
        if on.out_of_order:
            await self._overtaken(on)
        told = await _told(self._application, scope, heard.body)
        if on.duplicate:
            await _told(self._application, scope, heard.body)
        return spoiled_answer(told) if on.wrong_signature else told

    async def _overtaken(self, on: Switches) -> None:
        """Wait until the next call of this face and institution comes, which waits for nobody; two seconds at most."""
        place = on.face, on.institution_id
        if place in self._held:
            self._held.pop(place).set()
            return
        come = self._held[place]
        try:
            async with asyncio.timeout(LONGEST_HELD_SECONDS):
                await come.wait()
            # Whoever overtook is answered first.
            await asyncio.sleep(0.1)
        except TimeoutError:
            self._held.pop(place, None)

    async def _note(
        self, face: Face, heard: Heard, signed: Signed | None, owner: UUID | None, on: Switches, told: Told, took: int
    ) -> None:
        call = Call(
            id=new_id(),
            at=self._current.database.clock.now(),
            face=face.name,
            method=heard.method,
            target=heard.target,
            key=signed.key if signed else "",
            institution_id=owner,
            status=told.status,
            outcome=_outcome(told.body),
            took_ms=took,
            switched=on.names,
            asked_headers=msgspec.json.encode(heard.headers),
            asked=heard.body[:LONGEST_KEPT],
            told_headers=msgspec.json.encode(_headers(told.headers)),
            told=told.body[:LONGEST_KEPT],
            signed=signed.text.encode("utf-8", "surrogatepass") if signed else None,
            form=signed.form if signed else "",
        )
        try:
            await self._current.database.transact(lambda tx: actions.note(tx, call))
        except Problem:
            log.warning("call not noted", call=call.id)


def spoiled_answer(told: Told) -> Told:
    """Return an answer whose signature is wrong, wherever it has one."""
    body = spoiled(told.body)
    signing = (b"signature", b"x-signature", b"authorization")
    headers = [
        (name, value[::-1] if name.lower() in signing else value)
        for name, value in told.headers
        if name.lower() != b"content-length"
    ]
    return Told(told.status, [*headers, (b"content-length", str(len(body)).encode())], body)


async def _explained(face: Face, heard: Heard) -> Signed | None:
    """Ask the face what is signed; a body nobody can read has nothing signed."""
    try:
        return await face.explain(heard)
    except (Problem, ValueError, KeyError, TypeError, AttributeError):
        return None


async def _whole(receive: Receive) -> bytes | None:
    """Return the body; None where whoever asked has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _told(application: ASGIApp, scope: Scope, body: bytes) -> Told:
    """Have a request answered, and keep the answer."""
    coming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    going: list[Message] = []

    async def receive() -> Message:
        return coming.pop() if coming else _CLOSED

    async def send(message: Message) -> None:
        going.append(message)

    await application(dict(scope), receive, send)
    if not going:
        return Told(500, [], b"")
    content = b"".join(message.get("body", b"") for message in going[1:])
    return Told(going[0]["status"], list(going[0].get("headers", ())), content)


def _target(scope: Scope) -> str:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _headers(lines: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in lines}


def _outcome(body: bytes) -> str:
    """Return the code an answer carries, whatever its face calls it; empty without one."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    common = content.get("commonOut")
    for found in (common if isinstance(common, dict) else {}, content):
        for name in ("resultCode", "code", "ret_code", "return_code", "Flag"):
            if isinstance(found.get(name), str | int):
                return str(found[name])[:64]
    return ""
