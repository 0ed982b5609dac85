"""One web worker."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from healthcloud import cards, gateway, web
from healthcloud.core.health import CHECKS
from healthcloud.core.settings import Settings
from healthcloud.server import routers
from healthcloud.server.app import Application, create_app
from healthcloud.server.checks import city_checks
from healthcloud.server.composition import City, open_city
from healthcloud.server.operations import CityOperations
from healthcloud.server.processes.lean import LeanProtocol
from healthcloud.server.processes.listener import BACKLOG
from healthcloud.server.tls import tls_files
from healthcloud.server.trying import recorded
from healthcloud.server.witness import FaceEvidence

# A request in flight is given this long when the worker is told to end.
GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 75
# Of TLS 1.2; those of 1.3 are all of this kind.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


async def work(settings: Settings, listener: socket.socket, standing: Callable[[], None]) -> None:
    """Call `standing`; serve until SIGTERM or SIGINT: then no new connection, and every request begun is answered."""
    async with open_city(settings, name="healthcloud worker") as city:
        files = tls_files(settings)
        application = application_of(city)
        server = Server(
            uvicorn.Config(
                recorded(application, city.trying, city.authenticator),
                http=LeanProtocol,
                ws="none",
                lifespan="off",
                backlog=BACKLOG,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ssl_certfile=files.certificate if files else None,
                ssl_keyfile=files.key if files else None,
                ssl_ciphers=CIPHERS,
            ),
            application,
            standing,
        )
        # As in the nursery, for what was made since. Requests leave few cycles, so these are looked for less often.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        pair = (files.certificate, files.key) if files else None
        keeping = asyncio.create_task(cards.offline.keep_reading(city.database))
        try:
            async with gateway.hl7.open_listener(settings, city.database, pair, FaceEvidence(city.evidence)):
                await server.serve([listener])
        finally:
            keeping.cancel()


def application_of(city: City) -> Application:
    """Return the city's application, with what its routes take from the application's state."""
    checks = (*CHECKS, *city_checks(city))
    application = create_app(
        city.settings,
        city.database,
        city.authenticator,
        root=routers.at_root(city.settings),
        hot=city.hot,
        checks=checks,
        scans_waiting=city.verifying.waiting_share,
        witness=city.witness,
    )
    application.looks = {look.path: look for look in city.looks}
    application.api.state.registry = city.registry
    application.api.state.scanner = city.verifying
    application.api.state.operations = CityOperations(city)
    return application


class Server(uvicorn.Server):
    """uvicorn's, which tells pages that stay open that it ends: their streams are requests that would not."""

    def __init__(
        self, config: uvicorn.Config, application: Application, standing: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._application = application
        self._standing = standing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        self._application.gate.open()
        await super().startup(sockets)
        self._standing()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is open, then as uvicorn does: no new connection, and every request begun is answered."""
        web.end_streams(self._application.api.state)
        await super().shutdown(sockets)
        self._application.gate.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on a signal without sending it to ourselves again afterwards: what is open is still to be closed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def main(settings: Settings, listener: socket.socket, standing: Callable[[], None]) -> None:
    """Run one worker on a listening socket that others may share; it calls `standing` when it answers."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(settings, listener, standing))
