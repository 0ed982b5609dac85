"""The hospital over HTTP: POST /do, GET /state, PUT /broken; one act at a time, as at one counter."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from healthcloud_simulators.hospital.acts import ACTS, Hospital, break_rules
from healthcloud_simulators.hospital.link import NAMES

_LONGEST = 1 << 20


class HospitalServer(ThreadingHTTPServer):
    """A server that is bound and not serving yet."""

    daemon_threads = True

    def __init__(self, hospital: Hospital, host: str, port: int) -> None:
        super().__init__((host, port), _Handler)
        self.hospital = hospital
        self.one_at_a_time = Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HospitalServer

    def do_GET(self) -> None:
        """Show who is filed, what waits, which rules are broken and which acts there are."""
        self._answer(200, state_of(self.server.hospital))

    def do_POST(self) -> None:
        """Carry out an act."""
        self._take("/do", self.server.hospital.do)

    def do_PUT(self) -> None:
        """Break rules."""
        broken = self.server.hospital.broken
        self._take("/broken", lambda wish: {"unknown": break_rules(broken, list(wish.get("rules", [])))})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Keep quiet."""

    def _take(self, path: str, act: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        length = self.headers.get("Content-Length") or "0"
        body = self.rfile.read(min(int(length), _LONGEST)) if length.isdecimal() else b""
        if self.path != path:
            self._answer(404, {"known": ["GET /", "POST /do", "PUT /broken"]})
            return
        try:
            wish = json.loads(body)
        except ValueError:
            wish = None
        if not isinstance(wish, dict):
            self._answer(400, {"fault": "an object is wanted"})
            return
        with self.server.one_at_a_time:
            self._answer(200, act(wish))

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("X-Simulator", "hospital")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def state_of(hospital: Hospital) -> dict[str, Any]:
    """Return what this hospital is about."""
    return {
        "patients": len(hospital.book.patients),
        "uses": len(hospital.book.uses),
        "not_reported": sum(one.number not in hospital.book.reported for one in hospital.book.uses),
        "waiting": len(hospital.book.waiting),
        "down": hospital.link.down,
        "broken": sorted(hospital.broken.names),
        "faces": sorted(hospital.faces),
        "acts": sorted(ACTS),
        "rules": NAMES,
    }
