"""Around the whole application in a sandbox: failures on a switch, and every call noted as it came and went."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from healthcloud.core.errors import Problem
from healthcloud.core.http import problem_response
from healthcloud.core.ids import new_id
from healthcloud.sandbox.current import Current
from healthcloud.sandbox.errors import SwitchedOff
from healthcloud.sandbox.keeping import Told, Way, headers_of
from healthcloud.sandbox.model import Heard, Signed, Switches
from healthcloud.sandbox.overtaking import Overtaking
from healthcloud.sandbox.spoiling import spoiled
from healthcloud.sandbox.strings import Face, face_of, key_id_of

_CLOSED: Message = {"type": "http.disconnect"}


class Wrapped(Protocol):
    """The application that is recorded."""

    gate: Any

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        ...


class Recorder:
    """The application with its journal; no short way for hot requests, so that all are noted."""

    hot: Mapping[str, Any] = {}
    looks: Mapping[str, Any] = {}

    def __init__(self, application: Wrapped, current: Current, faces: tuple[Face, ...]) -> None:
        self._application = application
        self._current = current
        self._faces = faces
        self._overtaking = Overtaking()
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
        heard = Heard(scope["method"], _target(scope), headers_of(scope["headers"]), body)
        signed = await _explained(face, heard)
        key_id = key_id_of(signed.key) if signed else None
        owner = None if key_id is None else await self._current.owner_of(key_id)
        on, began = self._current.switches(face.name, owner), time.perf_counter()
        told = await self._answer(scope, heard, on)
        took = round((time.perf_counter() - began) * 1000)
        await self._current.keeper.note(Way(face.name, owner, on), heard, signed, told, took)
        await send({"type": "http.response.start", "status": told.status, "headers": told.headers})
        await send({"type": "http.response.body", "body": told.body})

    async def _answer(self, scope: Scope, heard: Heard, on: Switches) -> Told:
        if on.slow_ms:
            await asyncio.sleep(on.slow_ms / 1000)
        if on.down:
            return await _told(problem_response(SwitchedOff(retry_after=2), new_id().hex), scope, b"")
        if on.out_of_order:
            await self._overtaking.wait(on)
        told = await _told(self._application, scope, heard.body)
        if on.duplicate:
            await _told(self._application, scope, heard.body)
        return spoiled_answer(told) if on.wrong_signature else told


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
