r"""
An answer of a hot endpoint, whole: status, header lines and body are handed over at once.

A server that can write such an answer in one piece says so in the scope's extensions, `{WHOLE: {"write": …}}` (the
city's does, server/processes/lean.py); any other is told in ASGI's two messages. `head` is header lines, each ended by
\r\n.
"""

from collections.abc import Callable, Mapping

from starlette.types import Scope, Send

WHOLE = "healthcloud.whole_answer"
# False where it cannot be done just now, and nothing was written.
WriteWhole = Callable[[int, bytes, bytes], bool]
_NOTHING: dict[str, dict[str, WriteWhole]] = {}


async def send_whole(scope: Scope, send: Send, status: int, head: bytes, body: bytes) -> None:
    """Send the answer; its length is added."""
    head = b"%bcontent-length: %d\r\n" % (head, len(body))
    offered = scope.get("extensions", _NOTHING).get(WHOLE)
    if offered is not None:
        write: WriteWhole = offered["write"]
        if write(status, head, body):
            return
    headers = [tuple(line.split(b": ", 1)) for line in head[:-2].split(b"\r\n")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def head_of(headers: Mapping[str, str]) -> bytes:
    """Return headers as lines."""
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode("latin-1")
