"""
The page of a reader, for the browser of this very machine: one static page, three files, no framework.

Only 127.0.0.1 is listened on. A request must name this host (no other name may be made to lead here), and whatever
changes something must come from this page, with the token that only it was given.
"""

import json
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Event, Thread

from healthcloud_reader.keys import KeyFault
from healthcloud_reader.offline import JournalFull, NoKey, NoNetwork, Reader, Refused, sync, upload
from healthcloud_reader.reasons import Unreadable
from healthcloud_reader.terminal.standing import standing

HOST = "127.0.0.1"
SYNC_EVERY = 60
_MOST_BYTES = 8192
_TOKEN_MARK = "@TOKEN@"  # noqa: S105 - where the token is written
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_FOLDER = files("healthcloud_reader.terminal") / "static"


class PageServer(ThreadingHTTPServer):
    """Serves one reader's page; port 0 takes a free one. `address` is where to look."""

    daemon_threads = True

    def __init__(self, reader: Reader, port: int) -> None:
        """Listen, and answer nothing yet."""
        self.reader, self.token = reader, secrets.token_urlsafe(32)
        super().__init__((HOST, port), partial(_Handler))

    @property
    def names(self) -> set[str]:
        """What a browser of this machine may call us."""
        return {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Say nothing of a browser that went away."""


def serve(reader: Reader, port: int, say: Callable[[str], None]) -> None:
    """Serve the page and keep the lists fresh while there is a network, until interrupted."""
    ended = Event()
    with PageServer(reader, port) as server:
        say(f"请在本机浏览器打开 open {server.address}")
        Thread(target=_keep_fresh, args=(reader, ended), daemon=True).start()
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        ended.set()


def linked(reader: Reader) -> str | None:
    """Fetch lists and tell uses; return None, or what stood in the way, by its code."""
    stop: str | None = None
    try:
        sync(reader)
        with suppress(NoKey):
            upload(reader)
    except NoNetwork:
        stop = "no-network"
    except Refused as fault:
        stop = fault.code
    except Unreadable as fault:
        stop = fault.reason.value
    except (JournalFull, OSError):
        stop = "disk"
    except KeyFault as fault:
        stop = type(fault).__name__
    return stop


def _keep_fresh(reader: Reader, ended: Event) -> None:
    while True:
        linked(reader)
        if ended.wait(SYNC_EVERY):
            return


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: PageServer
    server_version = "healthcloud-reader"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file or the status."""
        if self.headers.get("Host") not in self.server.names:
            self._answer(403, b"", "text/plain")
        elif self.path == "/status":
            self._answer_json(standing(self.server.reader))
        elif self.path in _FILES:
            name, kind = _FILES[self.path]
            content = (_FOLDER / name).read_text()
            self._answer(200, content.replace(_TOKEN_MARK, self.server.token).encode(), kind)
        else:
            self._answer(404, b"", "text/plain")

    def do_POST(self) -> None:
        """Scan, or fetch lists and tell uses."""
        length = self.headers.get("Content-Length", "")
        if not self._is_from_our_page() or not length.isdecimal() or int(length) > _MOST_BYTES:
            self._answer(403, b"", "text/plain")
            return
        asked = _object(self.rfile.read(int(length)))
        match self.path, asked:
            case "/scan", {"text": str(text), "scene": str() | None as scene}:
                self._answer_json(self.server.reader.scan(text, scene or None).document())
            case "/link", {}:
                self._answer_json({"stopped_by": linked(self.server.reader)})
            case _:
                self._answer(400, b"", "text/plain")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Log nothing: what is scanned stays out of logs."""

    def _is_from_our_page(self) -> bool:
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        token = self.headers.get("X-Reader-Token", "")
        return (
            host in self.server.names
            and origin == f"http://{host}"
            and self.headers.get("Content-Type") == "application/json"
            and compare_digest(token.encode("latin-1", "replace"), self.server.token.encode())
        )

    def _answer_json(self, value: dict[str, object]) -> None:
        self._answer(200, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _object(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
