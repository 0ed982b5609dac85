"""Load by wrk, on the same cores as what it loads: each prepared request is sent once."""

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw; times in milliseconds. `refused` are answers other than 2xx and 3xx, `broken` never answered."""

    requests: int
    seconds: float
    refused: int
    broken: int
    p50: float
    p95: float
    p99: float
    max: float

    @property
    def answered(self) -> int:
        """Answers of 2xx."""
        return self.requests - self.refused

    @property
    def answered_per_second(self) -> float:
        """Answers of 2xx a second."""
        return self.answered / self.seconds


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Write an HTTP/1.1 POST as sent."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def get(path: str, headers: dict[str, str]) -> bytes:
    """Write an HTTP/1.1 GET as sent."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def run_wrk(url: str, requests: Iterable[bytes], *, connections: int, seconds: float) -> Load:
    """Send the requests over this many connections, until they are used up or the time is over."""
    with tempfile.NamedTemporaryFile(prefix="healthcloud-bench-") as file:
        for request in requests:
            file.write(b"%08x\n" % len(request) + request)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(SCRIPT), url]
        done = subprocess.run([*command, "--", file.name], check=True, capture_output=True, timeout=seconds + 60)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Load)
