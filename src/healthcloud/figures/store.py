"""Every statement of the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.figures.model import Line, Place, Total


@dataclass(frozen=True, slots=True)
class Edition:
    """One count of the whole chain; `block` is the last counted, sealed at `counted_to`."""

    edition: int
    state: str
    formula: int
    block: int
    counted_to: datetime | None
    deeds: int
    begun_at: datetime


class Reached(NamedTuple):
    """The last month in which somebody's card was used somewhere."""

    person_id: UUID
    institution_id: UUID
    month: str


async def editions(read: Read) -> list[Edition]:
    """Return every edition, the newest first."""
    return await read.all(
        Edition,
        """
        SELECT edition, state, formula, block, counted_to, deeds, begun_at
          FROM figures.editions ORDER BY edition DESC LIMIT 20
        """,
    )


async def current(read: Read) -> Edition | None:
    """Return the edition that is shown."""
    return await read.one(
        Edition,
        """
        SELECT edition, state, formula, block, counted_to, deeds, begun_at
          FROM figures.editions WHERE state = 'current'
        """,
    )


async def hold(tx: Transaction, edition: int) -> Edition | None:
    """Return an edition that nobody else counts meanwhile."""
    return await tx.one(
        Edition,
        """
        SELECT edition, state, formula, block, counted_to, deeds, begun_at
          FROM figures.editions WHERE edition = $1 FOR UPDATE
        """,
        edition,
    )


async def begin(tx: Transaction, edition: int, state: str, formula: int, at: datetime) -> int:
    """Begin an edition before the first block; 0 when it is there already."""
    return await tx.run(
        """
        INSERT INTO figures.editions (edition, state, formula, block, counted_to, deeds, begun_at)
        VALUES ($1, $2, $3, 0, NULL, 0, $4) ON CONFLICT DO NOTHING
        """,
        edition,
        state,
        formula,
        at,
    )


async def move(tx: Transaction, edition: int, block: int, counted_to: datetime, deeds: int) -> None:
    """Say how far an edition has counted."""
    await tx.run(
        "UPDATE figures.editions SET block = $2, counted_to = $3, deeds = deeds + $4 WHERE edition = $1",
        edition,
        block,
        counted_to,
        deeds,
    )


async def retire(tx: Transaction) -> None:
    """Show the current edition no more."""
    await tx.run("UPDATE figures.editions SET state = 'former' WHERE state = 'current'")


async def show(tx: Transaction, edition: int) -> None:
    """Show this edition from now on."""
    await tx.run("UPDATE figures.editions SET state = 'current' WHERE edition = $1", edition)


async def forget(tx: Transaction, edition: int) -> None:
    """Forget an edition whose counts are gone."""
    await tx.run("DELETE FROM figures.editions WHERE edition = $1 AND state = 'former'", edition)


async def add_counts(tx: Transaction, edition: int, counts: Sequence[tuple[Place, int]]) -> None:
    """Add to counts by hour."""
    await tx.run(
        """
        INSERT INTO figures.counts AS c (institution_id, edition, figure, hour, key, count)
        SELECT institution_id, $1, figure, hour, key, count
          FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::bigint[])
               AS new (institution_id, figure, hour, key, count)
         ORDER BY institution_id, figure, hour, key
        ON CONFLICT (institution_id, edition, figure, hour, key) DO UPDATE SET count = c.count + excluded.count
        """,
        edition,
        [place[0] for place, _ in counts],
        [place[1] for place, _ in counts],
        [place[2] for place, _ in counts],
        [place[3] for place, _ in counts],
        [count for _, count in counts],
    )


async def add_totals(tx: Transaction, edition: int, totals: Sequence[tuple[Total, int]]) -> None:
    """Add to totals."""
    await tx.run(
        """
        INSERT INTO figures.totals AS t (institution_id, edition, figure, key, count)
        SELECT institution_id, $1, figure, key, count
          FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[]) AS new (institution_id, figure, key, count)
         ORDER BY institution_id, figure, key
        ON CONFLICT (institution_id, edition, figure, key) DO UPDATE SET count = t.count + excluded.count
        """,
        edition,
        [total[0] for total, _ in totals],
        [total[1] for total, _ in totals],
        [total[2] for total, _ in totals],
        [count for _, count in totals],
    )


async def add_lines(tx: Transaction, edition: int, lines: Sequence[Line]) -> None:
    """Keep which deed changed what."""
    await tx.run(
        """
        INSERT INTO figures.lines (institution_id, edition, figure, at, deed_id, key, change, deed, subject_id)
        SELECT institution_id, $1, figure, at, deed_id, key, change, deed, subject_id
          FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $7::integer[], $8::text[],
                      $9::uuid[]) AS new (institution_id, figure, at, deed_id, key, change, deed, subject_id)
        """,
        edition,
        *([line[n] for line in lines] for n in range(8)),
    )


async def reached(tx: Transaction, edition: int, person_ids: list[UUID]) -> list[Reached]:
    """Return when these persons' cards were last used, by institution."""
    return await tx.all(
        Reached,
        "SELECT person_id, institution_id, month FROM figures.reach WHERE edition = $1 AND person_id = ANY($2)",
        edition,
        person_ids,
    )


async def put_reached(tx: Transaction, edition: int, rows: Sequence[Reached]) -> None:
    """Write when cards were last used."""
    await tx.run(
        """
        INSERT INTO figures.reach (person_id, institution_id, edition, month)
        SELECT person_id, institution_id, $1, month
          FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS new (person_id, institution_id, month)
         ORDER BY person_id, institution_id
        ON CONFLICT (person_id, institution_id, edition) DO UPDATE SET month = excluded.month
        """,
        edition,
        [row.person_id for row in rows],
        [row.institution_id for row in rows],
        [row.month for row in rows],
    )
