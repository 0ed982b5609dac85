"""Every statement that counts cards and uses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read


class UsedHere(NamedTuple):
    """How many uses of some batches an institution had in one hour for one step of treatment."""

    institution_id: UUID
    hour: datetime
    scene: str
    uses: int


class UsedAtDesk(NamedTuple):
    """How many uses of some batches a terminal had on one day of Shanghai for one step of treatment, the last when."""

    institution_id: UUID
    terminal_id: UUID
    scene: str
    day: date
    uses: int
    last_used_at: datetime


class HolderSeen(NamedTuple):
    """A holder whose card an institution used, and when last."""

    person_id: UUID
    institution_id: UUID
    used_at: datetime


class ByStatus(NamedTuple):
    """How many cards have a status."""

    status: int
    cards: int


class Changed(NamedTuple):
    """How often a change happened to cards."""

    change: str
    times: int


class UsePlace(NamedTuple):
    """A use's place in a list."""

    used_at: datetime
    batch_id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class UseTold:
    """A use without its holder: when, where, for which step of treatment, by which slot, and whether opened."""

    used_at: datetime
    batch_id: UUID
    position: int
    institution_id: UUID
    institution: str | None
    terminal: str | None
    scene: str
    slot: int
    opened: bool

    @property
    def place(self) -> UsePlace:
        """Where it stands in the list."""
        return UsePlace(self.used_at, self.batch_id, self.position)


async def uses_in(
    read: Read, batch_ids: list[UUID], since: datetime, until: datetime, reach: tuple[datetime, datetime]
) -> list[UsedHere]:
    """Count the uses of batches; `since` and `until` bound when they were written, `reach` their codes' minutes."""
    return await read.all(
        UsedHere,
        """
        SELECT institution_id, date_trunc('hour', used_at, 'UTC') AS hour, scene, count(*) AS uses
          FROM cards.uses
         WHERE used_at >= $2 AND used_at <= $3 AND step_at >= $4 AND step_at <= $5 AND batch_id = ANY($1)
         GROUP BY institution_id, date_trunc('hour', used_at, 'UTC'), scene
        """,
        batch_ids,
        since,
        until,
        *reach,
    )


async def uses_at_desks(
    read: Read, batch_ids: list[UUID], since: datetime, until: datetime, reach: tuple[datetime, datetime]
) -> list[UsedAtDesk]:
    """Count the unmarked uses of batches by terminal, step of treatment and day of Shanghai."""
    return await read.all(
        UsedAtDesk,
        """
        SELECT institution_id, terminal_id, scene, (used_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
               count(*) AS uses, max(used_at) AS last_used_at
          FROM cards.uses
         WHERE used_at >= $2 AND used_at <= $3 AND step_at >= $4 AND step_at <= $5 AND batch_id = ANY($1)
           AND mark IS NULL
         GROUP BY institution_id, terminal_id, scene, (used_at AT TIME ZONE 'Asia/Shanghai')::date
        """,
        batch_ids,
        since,
        until,
        *reach,
    )


async def holders_in(
    read: Read, batch_ids: list[UUID], since: datetime, until: datetime, reach: tuple[datetime, datetime]
) -> list[HolderSeen]:
    """Return whose cards the uses of batches were, once for each institution."""
    return await read.all(
        HolderSeen,
        """
        SELECT person_id, institution_id, max(used_at) AS used_at
          FROM cards.uses
         WHERE used_at >= $2 AND used_at <= $3 AND step_at >= $4 AND step_at <= $5 AND batch_id = ANY($1)
         GROUP BY person_id, institution_id
        """,
        batch_ids,
        since,
        until,
        *reach,
    )


async def cards_by_status(read: Read) -> list[ByStatus]:
    """Count all cards that are cards of their own, by status."""
    return await read.all(
        ByStatus, "SELECT status, count(*) AS cards FROM cards.cards WHERE alias_of IS NULL GROUP BY status"
    )


async def changes_by_kind(read: Read) -> list[Changed]:
    """Count what was ever done to cards."""
    return await read.all(Changed, "SELECT change, count(*) AS times FROM cards.history GROUP BY change")


async def uses_by_place(read: Read, until: datetime, told_by: datetime) -> list[UsedHere]:
    """Count all uses before an instant, but for those told of late and not before the other."""
    return await read.all(
        UsedHere,
        """
        SELECT institution_id, date_trunc('hour', used_at, 'UTC') AS hour, scene, count(*) AS uses
          FROM cards.uses
         WHERE used_at < $1 AND (received_at IS NULL OR received_at < $2)
         GROUP BY institution_id, date_trunc('hour', used_at, 'UTC'), scene
        """,
        until,
        told_by,
    )


async def uses_of_span(
    read: Read,
    span: tuple[datetime, datetime],
    reach: tuple[datetime, datetime],
    wanted: tuple[UUID | None, str | None],
    before: UsePlace,
    limit: int,
) -> list[UseTold]:
    """Return the uses written in a span of time, of one institution and scene where named, newest first."""
    return await read.all(
        UseTold,
        """
        SELECT u.used_at, u.batch_id, u.position, u.institution_id, i.name AS institution, t.name AS terminal, u.scene,
               u.slot, u.opened
          FROM cards.uses u
          LEFT JOIN institutions.institutions i ON i.id = u.institution_id
          LEFT JOIN institutions.terminals t ON t.id = u.terminal_id
         WHERE u.used_at >= $1 AND u.used_at < $2 AND u.step_at >= $3 AND u.step_at <= $4
           AND ($5::uuid IS NULL OR u.institution_id = $5) AND ($6::text IS NULL OR u.scene = $6)
           AND (u.used_at, u.batch_id, u.position) < ($7, $8, $9)
         ORDER BY u.used_at DESC, u.batch_id DESC, u.position DESC
         LIMIT $10
        """,
        *span,
        *reach,
        *wanted,
        *before,
        limit,
    )
