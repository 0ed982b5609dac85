"""
The gate children wait at: they start and import while the database comes up, and pass once the parent opens it.

A pipe: who reads it waits until its other end is closed, by the parent's `open` or by its death. Children started
later find it open.
"""

import os


class Gate:
    """The parent's side; `descriptor` is what children are given."""

    def __init__(self) -> None:
        self.descriptor, self._held = os.pipe()

    def open(self) -> None:
        """Let everybody pass, now and from now on."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def close(self) -> None:
        """Give both ends back."""
        self.open()
        os.close(self.descriptor)


def pass_gate(descriptor: int) -> None:
    """Wait until the gate is open."""
    os.read(descriptor, 1)
    os.close(descriptor)
