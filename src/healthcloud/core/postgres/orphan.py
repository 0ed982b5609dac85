"""
What becomes of the server when the process that started it is killed.

A small shell holds one end of a pipe and reads; however its parent dies, the read ends. It then waits a while: a parent
that comes back in that time takes the running server over at once, with its memory warm. If none came (nobody holds
the folder's lock), it tells the server to shut down in order. PR_SET_PDEATHSIG would fire when the *thread* that
started the server ends, and is cleared by a change of user.
"""

import subprocess
from pathlib import Path

from healthcloud.core.postgres.binaries import ENVIRONMENT
from healthcloud.core.postgres.postmaster import PID_FILE, Postmaster

_SCRIPT = """\
cat >/dev/null
sleep "$1"
exec flock --nonblock "$2" sh -c '[ "$(head -n 1 "$1")" = "$2" ] && kill -INT "$2"' sh "$3" "$4"
"""


class Watcher:
    """Waits for this process's death, `grace` seconds longer, then stops the server unless `lock` is held again."""

    def __init__(self, server: Postmaster, lock: Path, grace: float) -> None:
        pid_file = str(server.data / PID_FILE)
        # Our own script; its arguments are two numbers and two paths.
        self._shell = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", _SCRIPT, "sh", str(grace), str(lock), pid_file, str(server.pid)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """End it: its server has stopped."""
        self._shell.kill()
        self._shell.communicate()
