"""A whole city on this machine: what `healthcloud serve` does from the first check to the last process."""

import http.client
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.postgres import Progress
from healthcloud.core.settings import Settings, production_faults
from healthcloud.server.errors import NotReadyInTime, ProductionRefused
from healthcloud.server.keys import open_keys
from healthcloud.server.places import METRICS_VARIABLE, metrics_folder
from healthcloud.server.processes.gate import Gate
from healthcloud.server.processes.listener import open_listener
from healthcloud.server.processes.programs import program
from healthcloud.server.processes.standing import Standing
from healthcloud.server.processes.supervisor import Process, Role, Supervisor
from healthcloud.server.storage import embedded_of, migrate
from healthcloud.server.tls import knowing, prepare_files, tls_files

READY_SECONDS = 60.0
ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Plan:
    """
    What is served beside the workers and the runner.

    `environment` is what the children's differs by from ours; `prepare` runs once the database is up to date and before
    any child uses it; `beside` are further children; `ready` is called when the city answers.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    beside: Sequence[Role] = ()
    ready: Callable[[], None] = lambda: None


def serve(settings: Settings, plan: Plan, say: Progress) -> None:
    """
    Serve until SIGTERM or Ctrl-C, then end everything in order; SIGUSR2 renews workers and runner without a pause.

    Raise ProductionRefused, PortTaken, NotReadyInTime, or what the database and the keys have to say.
    """
    refuse_faults(settings)
    with ExitStack() as stack:
        listener = open_listener(settings.host, settings.port)
        stack.callback(listener.close)
        settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        open_keys(settings)
        prepare_files(settings, REAL_CLOCK.now())
        signal.signal(signal.SIGTERM, _interrupt)
        database = embedded_of(settings)
        if database is not None:
            stack.callback(database.stop)
        gate, folder = Gate(), _metrics_folder(settings)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(gate.close)
        environment = dict(plan.environment) | {METRICS_VARIABLE: str(folder)}
        nurseries = Standing(settings.workers, _nursery(environment, gate.descriptor, listener.fileno()))
        stack.callback(nurseries.close)
        nursery = Role("nursery", nurseries.start, stands=nurseries.stands)
        supervisor = Supervisor([nursery, *plan.beside], database=database)
        stack.callback(supervisor.stop)
        stack.callback(listener.close)  # first of all, so that nobody is kept waiting for an answer that will not come
        supervisor.start()
        if database is not None:
            database.start(say)
        migrate(settings, say)
        plan.prepare()
        supervisor.heed_signals()
        gate.open()
        _wait_until_ready(supervisor, settings)
        if not supervisor.ending:
            plan.ready()
            supervisor.keep()
        say("正在结束：已开始的请求都会答完。")


def refuse_faults(settings: Settings) -> None:
    """Raise ProductionRefused with one line for each setting that production refuses."""
    faults = production_faults(settings)
    if faults:
        raise ProductionRefused("\n".join(faults))


def _nursery(environment: Mapping[str, str], gate: int, listener: int) -> Callable[[int], Process]:
    def start(standing: int) -> Process:
        given = (gate, listener, standing)
        arguments = (str(os.getpid()), *map(str, given))
        module = "healthcloud.server.processes.nursery"
        return program(module, *arguments, environment=environment, descriptors=given)()

    return start


def _wait_until_ready(supervisor: Supervisor, settings: Settings) -> None:
    deadline = time.monotonic() + READY_SECONDS
    missing = ""

    def answers() -> bool:
        nonlocal missing
        missing = _missing(settings)
        return not missing or time.monotonic() > deadline

    supervisor.keep(until=answers, tick=0.02)
    if missing and not supervisor.ending:
        raise NotReadyInTime(missing)


def _missing(settings: Settings) -> str:
    """Ask /readyz; return what is missing, nothing when the city serves."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    files = tls_files(settings)
    connection = (
        http.client.HTTPConnection(host, settings.port, timeout=ANSWER_SECONDS)
        if files is None
        else http.client.HTTPSConnection(host, settings.port, timeout=ANSWER_SECONDS, context=knowing(files))
    )
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
    finally:
        connection.close()
    if answer.status == http.client.OK:
        return ""
    return "; ".join(fault["en"] for fault in body.get("errors", ())) or str(answer.status)


def _metrics_folder(settings: Settings) -> Path:
    """Make a folder for the measurements of this run, and remove those of runs that are over."""
    above = metrics_folder(settings)
    above.mkdir(mode=0o700, exist_ok=True)
    for left in above.iterdir():
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
    own = above / str(os.getpid())
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    return own


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
