"""Every statement that looks through the counts to compare them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A count of an institution by hour and key."""

    institution_id: UUID
    hour: datetime
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class FigureCount:
    """A count by figure and key."""

    figure: str
    key: str
    count: int


async def counts_of(read: Read, edition: int, figure: str, since: datetime, until: datetime) -> list[PlaceCount]:
    """Return a figure by institution, hour and key, the city's rows among them."""
    return await read.all(
        PlaceCount,
        """
        SELECT institution_id, hour, key, count FROM figures.counts
         WHERE figure = $2 AND hour >= $3 AND hour < $4 AND edition = $1 AND count <> 0
        """,
        edition,
        figure,
        since,
        until,
    )


async def totals_of(read: Read, edition: int, institution_id: UUID) -> list[FigureCount]:
    """Return every total of an institution, or of the city."""
    return await read.all(
        FigureCount,
        """
        SELECT figure, key, count FROM figures.totals
         WHERE institution_id = $2 AND edition = $1 AND count <> 0
        """,
        edition,
        institution_id,
    )


async def sums_of_lines(read: Read, edition: int) -> list[FigureCount]:
    """Return what the deeds kept come to."""
    return await read.all(
        FigureCount,
        """
        SELECT figure, key, sum(change)::bigint AS count FROM figures.lines
         WHERE edition = $1
         GROUP BY figure, key
        HAVING sum(change) <> 0
        """,
        edition,
    )


async def holders_by_month(read: Read, edition: int, institution_id: UUID) -> list[FigureCount]:
    """Return how many persons' cards were last used in each month."""
    return await read.all(
        FigureCount,
        """
        SELECT 'active' AS figure, month AS key, count(*) AS count FROM figures.reach
         WHERE institution_id = $2 AND edition = $1
         GROUP BY month
        """,
        edition,
        institution_id,
    )
