"""The parent and its children: what dies is started again, what ends ends in order, and nobody outlives the parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from healthcloud.server.processes.gate import Gate
from healthcloud.server.processes.listener import PortTaken, open_listener
from healthcloud.server.processes.programs import program
from healthcloud.server.processes.standing import Standing, announce
from healthcloud.server.processes.supervisor import Role, Supervisor

TESTS = str(Path(__file__).parents[1])
ENVIRONMENT = {"PYTHONPATH": TESTS}


def role(folder: Path, name: str, *more: str, last: bool = False, given: tuple[int, ...] = ()) -> Role:
    start = program("fixtures.child", str(folder), name, *more, environment=ENVIRONMENT, descriptors=given)
    return Role(name, start, last=last)


def noted(folder: Path) -> list[list[str]]:
    path = folder / "notes"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(happens: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    kept = {
        number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2)
    }
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def begun(folder: Path, name: str) -> list[int]:
    return [int(pid) for what, who, pid in (line[:3] for line in noted(folder)) if (what, who) == ("begins", name)]


def test_a_child_that_is_killed_is_started_again_and_its_pid_is_told(tmp_path: Path) -> None:
    ended: list[int] = []
    supervisor = Supervisor([role(tmp_path, "one")], ended=ended.append)
    supervisor.start()
    try:
        supervisor.keep(until=lambda: bool(begun(tmp_path, "one")), tick=0.02)
        (first,) = begun(tmp_path, "one")
        os.kill(first, signal.SIGKILL)
        supervisor.keep(until=lambda: len(begun(tmp_path, "one")) > 1, tick=0.02)
    finally:
        supervisor.stop()
    assert ended == [first]


def test_a_child_that_keeps_failing_is_started_ever_later(tmp_path: Path) -> None:
    supervisor = Supervisor([role(tmp_path, "one", "--fail")])
    supervisor.start()
    started = time.monotonic()
    try:
        supervisor.keep(until=lambda: time.monotonic() > started + 3, tick=0.02)
    finally:
        supervisor.stop()
    assert 2 <= len(begun(tmp_path, "one")) <= 4


def test_who_is_to_be_last_ends_after_the_others(tmp_path: Path) -> None:
    roles = [role(tmp_path, "last", last=True), role(tmp_path, "worker-1"), role(tmp_path, "worker-2")]
    supervisor = Supervisor(roles)
    supervisor.start()
    supervisor.keep(until=lambda: len(noted(tmp_path)) == 3, tick=0.02)
    supervisor.stop()
    ends = [who for what, who, _ in noted(tmp_path) if what == "ends"]
    assert ends[-1] == "last"
    assert sorted(ends) == ["last", "worker-1", "worker-2"]


def test_a_signal_ends_the_watch(tmp_path: Path) -> None:
    supervisor = Supervisor([role(tmp_path, "one")])
    supervisor.start()
    supervisor.heed_signals()
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.keep()
        assert supervisor.ending
    finally:
        supervisor.stop()


def test_only_who_is_to_have_the_socket_is_given_it(tmp_path: Path) -> None:
    with open_listener("127.0.0.1", 0) as listener:
        number = listener.fileno()
        roles = [
            role(tmp_path, "worker", "--descriptor", str(number), given=(number,)),
            role(tmp_path, "other", "--descriptor", str(number)),
        ]
        supervisor = Supervisor(roles)
        supervisor.start()
        try:
            supervisor.keep(until=lambda: any(line[0] == "holds" for line in noted(tmp_path)), tick=0.02)
            supervisor.keep(until=lambda: len(begun(tmp_path, "other")) > 1, tick=0.02)
        finally:
            supervisor.stop()
    holders = {line[2] for line in noted(tmp_path) if line[0] == "holds"}
    assert holders == {"worker"}


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, os, time\n"
        "child = [sys.executable, '-m', 'fixtures.child', sys.argv[1], 'child', '--parent', str(os.getpid())]\n"
        "subprocess.Popen(child)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=os.environ | ENVIRONMENT)  # noqa: S603 - ours
    wait_for(lambda: bool(begun(tmp_path, "child")))
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    wait_for(lambda: any(line[0] == "ends" for line in noted(tmp_path)))


def test_a_port_somebody_holds_is_waited_for_and_then_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken):
            open_listener("127.0.0.1", port, patience=0.1)
    open_listener("127.0.0.1", port, patience=0.1).close()


FORKING = """
import os, sys, time
from pathlib import Path
from healthcloud.server.processes.forks import fork
from healthcloud.server.processes.standing import Standing, announce
from healthcloud.server.processes.supervisor import Role, Supervisor

folder = Path(sys.argv[1])

def live(name):
    with (folder / "notes").open("a") as file:
        file.write(f"begins {name} {os.getpid()}\\n")
    if name == "broken":
        raise RuntimeError(name)
    time.sleep(60)

supervisor = Supervisor([Role(name, fork(f"t-{name}", lambda name=name: live(name))) for name in ("one", "broken")])
supervisor.heed_signals()
supervisor.start()
supervisor.keep(tick=0.02)
supervisor.stop()
"""


def test_copies_are_made_again_named_and_ended_with_the_original(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", FORKING, str(tmp_path)])  # noqa: S603 - ours
    try:
        wait_for(lambda: bool(begun(tmp_path, "one")) and len(begun(tmp_path, "broken")) > 1)
        (first,) = begun(tmp_path, "one")
        assert Path(f"/proc/{first}/comm").read_text().strip() == "t-one"
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: len(begun(tmp_path, "one")) > 1)
        second = begun(tmp_path, "one")[1]
        parent.kill()
        parent.wait()
        wait_for(lambda: not Path(f"/proc/{second}").exists())
    finally:
        parent.kill()
        parent.wait()


def test_a_gate_is_passed_once_it_is_open() -> None:
    gate = Gate()
    code = "import sys; from healthcloud.server.processes.gate import pass_gate; pass_gate(int(sys.argv[1]))"
    waiting = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", code, str(gate.descriptor)], pass_fds=(gate.descriptor,)
    )
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(1)
    gate.open()
    assert waiting.wait(10) == 0
    gate.close()


def test_a_child_is_renewed_once_its_successor_stands(tmp_path: Path) -> None:
    """Given a request to renew, when the successor works, then only then the old one ends; nobody else is touched."""

    def stands(_: object) -> bool:
        return len(begun(tmp_path, "one")) > 1

    renewed = role(tmp_path, "one")
    supervisor = Supervisor([Role("one", renewed.start, stands=stands), role(tmp_path, "other")])
    supervisor.start()
    supervisor.heed_signals()
    try:
        supervisor.keep(until=lambda: len(noted(tmp_path)) == 2, tick=0.02)
        os.kill(os.getpid(), signal.SIGUSR2)
        supervisor.keep(until=lambda: [line[0] for line in noted(tmp_path)[3:]] == ["ends"], tick=0.02)
    finally:
        supervisor.stop()
    first, second = begun(tmp_path, "one")
    told = [(what, int(pid)) for what, who, pid in noted(tmp_path) if who == "one"]
    assert told == [("begins", first), ("begins", second), ("ends", first), ("ends", second)]
    assert len(begun(tmp_path, "other")) == 1


def test_who_asks_during_a_renewal_is_heard(tmp_path: Path) -> None:
    """Given a second request while the first is done, then the child is renewed twice."""

    def stands(_: object) -> bool:
        if len(begun(tmp_path, "one")) == 2 and not asked:
            asked.append(True)
            os.kill(os.getpid(), signal.SIGUSR2)
        return len(begun(tmp_path, "one")) > 1

    asked: list[bool] = []
    supervisor = Supervisor([Role("one", role(tmp_path, "one").start, stands=stands)])
    supervisor.start()
    supervisor.heed_signals()
    try:
        supervisor.keep(until=lambda: bool(begun(tmp_path, "one")), tick=0.02)
        os.kill(os.getpid(), signal.SIGUSR2)
        supervisor.keep(until=lambda: len(begun(tmp_path, "one")) == 3, tick=0.02)
    finally:
        supervisor.stop()


def test_a_successor_that_fails_leaves_the_old_one_at_work(tmp_path: Path) -> None:
    started = iter([role(tmp_path, "one").start, role(tmp_path, "one", "--fail").start])
    supervisor = Supervisor([Role("one", lambda: next(started)(), stands=lambda _: False)])  # noqa: PLW0108 - another each time
    supervisor.start()
    supervisor.heed_signals()
    try:
        supervisor.keep(until=lambda: bool(begun(tmp_path, "one")), tick=0.02)
        os.kill(os.getpid(), signal.SIGUSR2)
        turns = iter(range(20))
        supervisor.keep(until=lambda: next(turns) == 10, tick=0.02)
        assert len(begun(tmp_path, "one")) == 2
        assert not [line for line in noted(tmp_path) if line[0] == "ends"]
    finally:
        supervisor.stop()
    assert [int(pid) for what, _, pid in noted(tmp_path) if what == "ends"] == begun(tmp_path, "one")[:1]


def test_a_nursery_stands_when_each_of_its_workers_has_said_so() -> None:
    given: list[int] = []

    def start(descriptor: int) -> subprocess.Popen[bytes]:
        given.append(os.dup(descriptor))
        return subprocess.Popen([sys.executable, "-c", ""])

    standing = Standing(2, start)
    process = standing.start()
    for stands in (False, False, True):
        assert standing.stands(process) is stands
        announce(given[0])
    assert standing.stands(process)
    standing.close()
    announce(given[0])  # nobody listens any more, and nothing breaks
    os.close(given[0])
    process.wait(10)
