"""How the parent learns that a nursery's workers answer: each writes a byte into the pipe its nursery was given."""

import os
from collections.abc import Callable
from contextlib import suppress

from healthcloud.server.processes.supervisor import Process


class Standing:
    """Starts nurseries, each with a pipe of its own, and tells when all `workers` of one have begun to answer."""

    def __init__(self, workers: int, start: Callable[[int], Process]) -> None:
        self._workers = workers
        self._start = start
        self._pipes: dict[int, int] = {}
        self._standing: dict[int, int] = {}

    def start(self) -> Process:
        """Start one; those before it are no longer asked after."""
        self.close()
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        try:
            process = self._start(writing)
        finally:
            os.close(writing)
        self._pipes[process.pid] = reading
        self._standing[process.pid] = 0
        return process

    def stands(self, process: Process) -> bool:
        """Tell whether all workers of the newest have begun to answer."""
        with suppress(BlockingIOError):
            self._standing[process.pid] += len(os.read(self._pipes[process.pid], self._workers))
        return self._standing[process.pid] >= self._workers

    def close(self) -> None:
        """Give the pipes back."""
        while self._pipes:
            os.close(self._pipes.popitem()[1])
        self._standing.clear()


def announce(descriptor: int) -> None:
    """Tell the parent that this worker answers; who is started again later tells nobody."""
    with suppress(OSError):
        os.write(descriptor, b".")
