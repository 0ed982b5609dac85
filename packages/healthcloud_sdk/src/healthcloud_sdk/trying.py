"""How often a call is sent, and how long is waited between; knows no socket and no clock."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from healthcloud_sdk.calls import Call
from healthcloud_sdk.problems import CityError, CityFailed, NoAnswer, OutcomeUnknown, Refused, TooMany

T = TypeVar("T")
_PASSING = (502, 503, 504)


@dataclass(frozen=True, slots=True)
class Retry:
    """
    How patient a client is.

    A call is sent at most `tries` times; waits between them are `shortest` s doubled each time, at most `longest`, and
    of that a random share, so that many do not come back at once. Retry-After is waited in full before it. Where the
    waits would exceed `patience` s in all, the problem is raised at once, with its `retry_after`.
    """

    tries: int = 4
    shortest: float = 0.2
    longest: float = 5.0
    patience: float = 20.0

    def wait(self, sent: int, failure: CityError, chance: float) -> float | None:
        """Return how long to wait after the `sent`-th failure, or None where to give up; chance is of 0 to 1."""
        if sent >= self.tries or not is_passing(failure):
            return None
        told = failure.retry_after if isinstance(failure, Refused) else None
        return (told or 0.0) + chance * min(self.longest, self.shortest * float(2 ** (sent - 1)))


@dataclass(frozen=True, slots=True)
class Send:
    """Send the call now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


Step: TypeAlias = Send | Wait
Outcome: TypeAlias = bytes | CityError | None  # of Send the body or what went wrong; of Wait nothing


def is_passing(failure: CityError) -> bool:
    """Tell whether the same call may do better a little later."""
    if isinstance(failure, NoAnswer | TooMany | OutcomeUnknown):
        return True
    return isinstance(failure, CityFailed) and failure.status in _PASSING


def carry_out(call: Call[T], retry: Retry, chance: Callable[[], float]) -> Generator[Step, Outcome, T]:
    """Say step by step what to do for a call; return its answer, raise CityError."""
    waited, sent = 0.0, 0
    while True:
        outcome = yield Send()
        sent += 1
        if isinstance(outcome, bytes):
            return call.reads(outcome)
        if outcome is None:
            raise TypeError
        seconds = retry.wait(sent, outcome, chance())
        if seconds is None or waited + seconds > retry.patience:
            raise outcome
        waited += seconds
        yield Wait(seconds)
