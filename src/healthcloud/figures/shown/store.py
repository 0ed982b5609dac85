"""Every statement that reads counts and lines to be shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class KeyCount:
    """A count by key."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class HourCount:
    """A count by hour and key."""

    hour: datetime
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class InstitutionCount:
    """An institution's count."""

    institution_id: UUID
    name: str
    district_code: str
    count: int


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """A district's open institutions, those of them that counted something, and how much."""

    district_code: str
    institutions: int
    counting: int
    count: int


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line with the institution's name."""

    at: datetime
    deed_id: UUID
    key: str
    change: int
    deed: str
    subject_id: UUID
    institution_id: UUID
    institution: str | None


async def totals(read: Read, edition: int, institution_id: UUID, figure: str) -> list[KeyCount]:
    """Return a figure's totals by key."""
    return await read.all(
        KeyCount,
        """
        SELECT key, count FROM figures.totals
         WHERE institution_id = $1 AND edition = $2 AND figure = $3 AND count <> 0
         ORDER BY key
        """,
        institution_id,
        edition,
        figure,
    )


async def hours(
    read: Read, edition: int, institution_id: UUID, figure: str, since: datetime, until: datetime
) -> list[HourCount]:
    """Return a figure by hour and key."""
    return await read.all(
        HourCount,
        """
        SELECT hour, key, count FROM figures.counts
         WHERE institution_id = $1 AND edition = $2 AND figure = $3 AND hour >= $4 AND hour < $5
         ORDER BY hour, key
        """,
        institution_id,
        edition,
        figure,
        since,
        until,
    )


async def institutions(
    read: Read, edition: int, figure: str, since: datetime, until: datetime, limit: int
) -> list[InstitutionCount]:
    """Return the institutions with the most of a figure."""
    return await read.all(
        InstitutionCount,
        """
        SELECT i.id AS institution_id, i.name, i.district_code, t.count
          FROM (SELECT institution_id, sum(count)::bigint AS count
                  FROM figures.counts
                 WHERE figure = $2 AND hour >= $3 AND hour < $4 AND edition = $1
                 GROUP BY institution_id) AS t
          JOIN institutions.institutions AS i ON i.id = t.institution_id
         ORDER BY t.count DESC, i.id
         LIMIT $5
        """,
        edition,
        figure,
        since,
        until,
        limit,
    )


async def districts(read: Read, edition: int, figure: str, since: datetime, until: datetime) -> list[DistrictCount]:
    """Return every district with its open institutions and what they count."""
    return await read.all(
        DistrictCount,
        """
        SELECT i.district_code, count(*) AS institutions, count(t.count) AS counting,
               coalesce(sum(t.count), 0)::bigint AS count
          FROM institutions.institutions AS i
          LEFT JOIN (SELECT institution_id, sum(count)::bigint AS count
                       FROM figures.counts
                      WHERE figure = $2 AND hour >= $3 AND hour < $4 AND edition = $1
                      GROUP BY institution_id) AS t ON t.institution_id = i.id
         WHERE i.state = 'open' OR t.count > 0
         GROUP BY i.district_code
         ORDER BY i.district_code
        """,
        edition,
        figure,
        since,
        until,
    )


async def city_lines(
    read: Read, edition: int, figure: str, before: tuple[datetime, UUID, str], limit: int
) -> list[ToldLine]:
    """Return the deeds behind a figure, newest first."""
    return await read.all(
        ToldLine,
        """
        SELECT l.at, l.deed_id, l.key, l.change, l.deed, l.subject_id, l.institution_id, i.name AS institution
          FROM figures.lines AS l
          LEFT JOIN institutions.institutions AS i ON i.id = l.institution_id
         WHERE l.figure = $1 AND l.edition = $2 AND (l.at, l.deed_id, l.key) < ($3, $4, $5)
         ORDER BY l.at DESC, l.deed_id DESC, l.key DESC
         LIMIT $6
        """,
        figure,
        edition,
        *before,
        limit,
    )


async def lines_of(
    read: Read, edition: int, institution_id: UUID, figure: str, before: tuple[datetime, UUID, str], limit: int
) -> list[ToldLine]:
    """Return the deeds of one institution behind a figure, newest first."""
    return await read.all(
        ToldLine,
        """
        SELECT l.at, l.deed_id, l.key, l.change, l.deed, l.subject_id, l.institution_id, i.name AS institution
          FROM figures.lines AS l
          LEFT JOIN institutions.institutions AS i ON i.id = l.institution_id
         WHERE l.institution_id = $1 AND l.edition = $2 AND l.figure = $3
           AND (l.at, l.deed_id, l.key) < ($4, $5, $6)
         ORDER BY l.at DESC, l.deed_id DESC, l.key DESC
         LIMIT $7
        """,
        institution_id,
        edition,
        figure,
        *before,
        limit,
    )
