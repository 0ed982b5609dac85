"""The circuit of one institution: who does not answer is left alone for a while, then asked by one message; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

THRESHOLD = 5  # failures in a row
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Breaker:
    """
    Closed until THRESHOLD failures in a row, then open until `open_until`, then half open: one message tries.

    `openings` counts how often it opened without a success between: each rest is twice as long, up to five minutes.
    """

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None

    def places(self, now: datetime, most: int) -> int:
        """Return how many may be on their way at once at this instant: all, none, or one that tries."""
        if self.open_until is None:
            return most
        return 1 if now >= self.open_until else 0

    def succeeded(self) -> "Breaker":
        """Return it after an answer."""
        return CLOSED

    def failed(self, now: datetime, chance: float) -> "Breaker":
        """Return it after no answer; `chance` spreads the rests of many by half."""
        failures = self.failures + 1
        tried = self.open_until is not None and now >= self.open_until
        if failures < THRESHOLD or (self.open_until is not None and not tried):
            return Breaker(failures, self.openings, self.open_until)
        rest = min(FIRST_REST * 2.0 ** min(self.openings, 20), LONGEST_REST)
        return Breaker(failures, self.openings + 1, now + rest * (0.5 + chance / 2))


CLOSED = Breaker()
