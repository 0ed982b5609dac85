"""A yardstick for HTTP alone: uvicorn with uvloop and httptools, two workers, an answer of five bytes."""

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path

import uvicorn
import uvloop

from bench.city import BenchCity
from bench.row import Row
from bench.wrk import post, run_wrk

CONNECTIONS = 128
BODY = b"x" * 200


async def app(scope: dict[str, object], receive: object, send: object) -> None:  # noqa: ARG001 - ASGI's shape
    """Answer."""
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    await send(head)  # type: ignore[operator]  # ASGI's shape
    await send({"type": "http.response.body", "body": b"hello"})  # type: ignore[operator]  # ASGI's shape


async def serve(descriptor: int) -> None:
    """Serve as a worker of the city does."""
    server = uvicorn.Server(
        uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    )
    await server.serve([socket.socket(fileno=descriptor)])


def measure(city: BenchCity, seconds: float) -> list[Row]:
    """Load the smallest application there is."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port = listener.getsockname()[1]
    command = [sys.executable, "-m", "bench.hello", str(listener.fileno())]
    root = Path(__file__).parents[1]
    servers = [subprocess.Popen(command, pass_fds=[listener.fileno()], cwd=root) for _ in range(2)]
    try:
        time.sleep(1.5)
        requests = [post("/", BODY, {})] * int(60_000 * seconds)
        load = run_wrk(f"http://127.0.0.1:{port}", requests, connections=CONNECTIONS, seconds=seconds)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
        listener.close()
    return [
        Row(
            name="HTTP alone",
            promise="for comparison",
            found=f"{load.answered_per_second:,.0f}/s",
            kept=True,
            data=f"no database, {CONNECTIONS} connections; beside {city.persons:,} persons at rest",
            command="python -m bench hello",
            p50=load.p50,
            p95=load.p95,
            p99=load.p99,
        )
    ]


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1])))
