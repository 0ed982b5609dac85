"""One scan as the page of its desk shows it; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

MOST = 10
KEPT_FOR = timedelta(hours=12)  # a shift; who sits there tomorrow need not know


@dataclass(frozen=True, slots=True)
class DeskScan:
    """A scan as stored; `outcome` is taken, repeat, or a problem's code."""

    at: datetime
    outcome: str
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A scan as shown; the name is masked, and None where nobody was recognised."""

    at: datetime
    outcome: str
    name: str | None
