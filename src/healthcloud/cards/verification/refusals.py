"""
Which refused scans their owner can read: enough to see what happened, too few to fill a disk.

Only refusals of a genuine code of a known card are kept, and of those one for each card, reason and institution in ten
minutes, as each worker counts. A worker remembers at most 10,000 and keeps none beyond while it is full, so a machine
that repeats itself, or an attacker with many stolen codes, writes at most that many deeds in ten minutes a worker.
"""

from uuid import UUID

KEPT_FOR_SECONDS = 600.0
MOST = 10_000

Refused = tuple[bytes, str, UUID]


class RefusalKeeper:
    """What this worker has kept lately."""

    def __init__(self) -> None:
        self._until: dict[Refused, float] = {}

    def wants(self, refused: Refused, now: float) -> bool:
        """Tell whether this refusal is to be written; `now` is Unix seconds."""
        until = self._until.get(refused)
        if until is not None:
            return until <= now
        return len(self._until) < MOST or self._make_room(now)

    def kept(self, refused: Refused, now: float) -> None:
        """Remember that this refusal has been written."""
        # Taken out first, so that the dictionary stays in the order of time.
        self._until.pop(refused, None)
        self._until[refused] = now + KEPT_FOR_SECONDS

    def _make_room(self, now: float) -> bool:
        for refused, until in list(self._until.items()):
            if until > now:
                break
            del self._until[refused]
        return len(self._until) < MOST
