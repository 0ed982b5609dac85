"""Children that are programs of their own: Python modules in a new interpreter."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from healthcloud.server.processes.supervisor import Process


def program(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None, descriptors: tuple[int, ...] = ()
) -> Callable[[], Process]:
    """Return what starts a module; it is given our environment with these changes, and these open files alone."""

    def start() -> Process:
        # In a session of its own, so that a Ctrl-C meant for us does not reach it before we ask it to end. -P:
        # a file in the folder we were started in, such as a vendor's fhir.py, must never stand for a library so named.
        return subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-P", "-m", module, *arguments],
            env=os.environ | dict(environment or {}),
            pass_fds=descriptors,
            start_new_session=True,
        )

    return start


def tethered(module: str, *arguments: str) -> Callable[[], Process]:
    """Return what starts a module that knows nothing of us and is to end with us all the same."""
    return program("healthcloud.server.processes.tethered", str(os.getpid()), module, *arguments)
