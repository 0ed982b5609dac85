"""Time as tokens count it: steps of 60 seconds since 1970-01-01T00:00Z, and periods of 30 days of them."""

from datetime import UTC, datetime

STEP_SECONDS = 60
PERIOD_STEPS = 30 * 24 * 60


def step_at(instant: datetime) -> int:
    """Return the step an aware instant lies in."""
    return int(instant.timestamp() // STEP_SECONDS)


def step_start(step: int) -> datetime:
    """Return the instant a step begins, in UTC."""
    return datetime.fromtimestamp(step * STEP_SECONDS, UTC)


def period_of(step: int) -> int:
    """Return the period a step lies in; a slot's secret is good for its period and the next."""
    return step // PERIOD_STEPS
