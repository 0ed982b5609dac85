"""
The edge of a face: a path where others' systems speak their own language, and hear every refusal in it.

A refusal is HTTP 200 with the face's own code, as those systems expect; only who comes while there is no room hears
503, with Retry-After, in the face's form too.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import Problem, Unavailable
from healthcloud.core.http.answers import internal_error
from healthcloud.core.http.hot import Answer, HotPath
from healthcloud.core.metrics import PROBLEMS
from healthcloud.core.settings import Settings

JSON = "application/json;charset=UTF-8"
_HEAD = (
    b"content-type: %b\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
    b"x-request-id: %b\r\ncontent-length: %d\r\n"
)


class FaceReply(NamedTuple):
    """What a face answers; `problem` is what a refusal means to us, None for what was done."""

    body: bytes
    problem: Problem | None = None
    media_type: str = JSON


class Face(Protocol):
    """One face at one path."""

    path: str

    async def answer(self, credentials: Credentials, request_id: str) -> FaceReply:
        """Answer a request that came whole; a Problem raised is told by `refused`."""
        ...

    def refused(self, problem: Problem, request_id: str) -> FaceReply:
        """Tell a refusal of a request of which nothing has been read."""
        ...


class FaceEndpoint(HotPath):
    """A face as the server mounts it."""

    def __init__(self, face: Face, settings: Settings, is_full: Callable[[], bool] = lambda: False) -> None:
        self._face = face
        super().__init__(face.path, settings, is_full)

    async def _answer(self, credentials: Credentials, request_id: str) -> Answer:
        reply = await self._face.answer(credentials, request_id)
        if reply.problem is not None:
            PROBLEMS.labels(reply.problem.code).inc()
        return _written(reply, request_id)

    def told(self, problem: Problem, request_id: str) -> Answer:
        """Return a refusal as the face writes it."""
        return _written(self._face.refused(problem, request_id)._replace(problem=problem), request_id)


def foreseen(error: Exception, request_id: str) -> Problem:
    """Return the problem an exception is; what nobody foresaw is logged, without data."""
    return error if isinstance(error, Problem) else internal_error(error, request_id)


def _written(reply: FaceReply, request_id: str) -> Answer:
    head = _HEAD % (reply.media_type.encode(), request_id.encode(), len(reply.body))
    problem = reply.problem
    if not isinstance(problem, Unavailable):
        return Answer(200, head, reply.body)
    return Answer(problem.status, head + b"retry-after: %d\r\n" % (problem.retry_after or 1), reply.body)
