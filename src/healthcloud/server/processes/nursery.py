"""
Where workers and the runner come from.

`python -m healthcloud.server.processes.nursery <parent> <gate> <listener> <standing>`: the parent's pid, open files.
It imports the city once, waits at the gate, then forks and keeps its children: one that dies is back in a moment, and
what all of them share is in memory once.
"""

import gc
import os
import socket
import sys
from pathlib import Path

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.places import METRICS_VARIABLE
from healthcloud.server.processes import runner, worker
from healthcloud.server.processes.forks import fork
from healthcloud.server.processes.gate import pass_gate
from healthcloud.server.processes.lifeline import end_with_parent, name_process
from healthcloud.server.processes.standing import announce
from healthcloud.server.processes.supervisor import Role, Supervisor


def main() -> None:
    """Keep the city's processes until told to end."""
    parent, gate, descriptor, standing = (int(argument) for argument in sys.argv[1:])
    end_with_parent(parent)
    name_process("hc-nursery")
    settings = Settings.load()
    set_up_logs(settings.log_level, settings.log_format)
    listener = socket.socket(fileno=descriptor)
    supervisor = Supervisor(
        [
            *(_worker(n, settings, listener, standing) for n in range(1, settings.workers + 1)),
            Role("runner", fork("hc-runner", lambda: runner.main(settings)), last=True),
        ],
        ended=_forget_levels,
    )
    # What is there now stays: the collector need not touch it, so its pages stay shared.
    gc.collect()
    gc.freeze()
    pass_gate(gate)
    supervisor.heed_signals()
    supervisor.start()
    supervisor.keep()
    listener.close()
    supervisor.stop()


def _worker(number: int, settings: Settings, listener: socket.socket, standing: int) -> Role:
    name = f"hc-worker-{number}"
    return Role(name, fork(name, lambda: worker.main(settings, listener, lambda: announce(standing))))


def _forget_levels(pid: int) -> None:
    """Take a dead process's levels out of the sums; its counts stay."""
    for left in Path(os.environ[METRICS_VARIABLE]).glob(f"gauge_live*_{pid}.db"):
        left.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
