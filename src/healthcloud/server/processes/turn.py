"""What a connection needs of the application, stands in its own way, and says to who does not speak HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.core.http import SECURITY_HEADERS, Answer, HotLook, HotPath, problem_response
from healthcloud.core.ids import new_id_text
from healthcloud.core.metrics import PROBLEMS

if TYPE_CHECKING:
    from healthcloud.server.shedding import Gate

_NOBODY_WAITS = asyncio.Event()
_NO_HTTP = Malformed(faults=(FieldFault("#", "is not an HTTP request", "不是有效的 HTTP 请求"),))


@dataclass(slots=True)
class Turn:
    """Stands where uvicorn looks for its own cycle, while a request goes the short way."""

    message_event: asyncio.Event = _NOBODY_WAITS
    keep_alive: bool = True
    disconnected: bool = False
    response_complete: bool = False


class ShortWay(Protocol):
    """An application some of whose endpoints need no ASGI."""

    hot: Mapping[str, HotPath]
    looks: Mapping[str, HotLook]
    gate: "Gate"


def no_http() -> Answer:
    """Return the answer to bytes that are no request: a problem, as to every request that cannot be read."""
    PROBLEMS.labels(_NO_HTTP.code).inc()
    request_id = new_id_text()
    told = problem_response(_NO_HTTP, request_id)
    headers = {name.lower(): value for name, value in SECURITY_HEADERS.items()} | dict(told.headers)
    lines = (headers | {"x-request-id": request_id}).items()
    return Answer(told.status_code, "".join(f"{name}: {value}\r\n" for name, value in lines).encode(), bytes(told.body))
