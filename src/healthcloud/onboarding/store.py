"""Every statement about onboarding."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.onboarding.model import Report
from healthcloud.onboarding.rules import Point


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as it is kept; `points` stand open, for they are counted."""

    institution_id: UUID
    sealed: bytes = field(repr=False)
    points: list[str]
    applied_at: datetime


class Sealed(NamedTuple):
    """What is sealed of an application."""

    institution_id: UUID
    sealed: bytes


class TerminalKind(NamedTuple):
    """A terminal and its kind."""

    id: UUID
    kind: str


class Desks(NamedTuple):
    """How many active terminals of one kind and scene an institution has."""

    institution_id: UUID
    kind: str
    scene_code: str
    terminals: int


class PointRow(NamedTuple):
    """When a point was last used, and how often since a day."""

    institution_id: UUID
    point: str
    last_used_at: datetime
    uses: int


async def hold_application(tx: Transaction, institution_id: UUID) -> Sealed | None:
    """Return an institution's application, which nobody else changes meanwhile."""
    return await tx.one(
        Sealed,
        "SELECT institution_id, sealed FROM onboarding.applications WHERE institution_id = $1 FOR UPDATE",
        institution_id,
    )


async def put_application(
    tx: Transaction, institution_id: UUID, sealed: bytes, points: list[str], at: datetime
) -> None:
    """Write an application; when it was first made stays."""
    await tx.run(
        """
        INSERT INTO onboarding.applications (institution_id, sealed, points, applied_at, changed_at)
        VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (institution_id) DO UPDATE
           SET sealed = excluded.sealed, points = excluded.points, changed_at = excluded.changed_at
        """,
        institution_id,
        sealed,
        points,
        at,
    )


async def applications(read: Read, institution_ids: list[UUID]) -> list[ApplicationRow]:
    """Return the applications of institutions."""
    return await read.all(
        ApplicationRow,
        """
        SELECT institution_id, sealed, points, applied_at FROM onboarding.applications
         WHERE institution_id = ANY ($1)
        """,
        institution_ids,
    )


async def every_application(read: Read) -> list[Sealed]:
    """Return what is sealed of every application."""
    return await read.all(Sealed, "SELECT institution_id, sealed FROM onboarding.applications")


async def seal_again(tx: Transaction, institution_id: UUID, before: bytes, after: bytes) -> None:
    """Keep an application sealed anew, unless it is another by now."""
    await tx.run(
        "UPDATE onboarding.applications SET sealed = $3 WHERE institution_id = $1 AND sealed = $2",
        institution_id,
        before,
        after,
    )


async def add_report(tx: Transaction, one: Report, file: bytes) -> bool:
    """Write a report; False where it is there already."""
    return (
        await tx.run(
            """
            INSERT INTO onboarding.reports (institution_id, digest, face, key, is_complete, is_passed, passed, failed,
                                            ended, received_at, file)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (institution_id, digest) DO NOTHING
            """,
            one.institution_id,
            one.digest,
            one.face,
            one.key,
            one.is_complete,
            one.is_passed,
            one.passed,
            one.failed,
            one.ended,
            one.received_at,
            file,
        )
        == 1
    )


async def report(read: Read, institution_id: UUID, digest: bytes) -> Report | None:
    """Return one report of an institution."""
    return await read.one(
        Report,
        """
        SELECT institution_id, digest, face, key, is_complete, is_passed, passed, failed, ended, received_at
          FROM onboarding.reports WHERE institution_id = $1 AND digest = $2
        """,
        institution_id,
        digest,
    )


async def report_file(read: Read, institution_id: UUID, digest: bytes) -> bytes | None:
    """Return a report as it was handed in."""
    return await read.value(
        bytes, "SELECT file FROM onboarding.reports WHERE institution_id = $1 AND digest = $2", institution_id, digest
    )


async def reports(read: Read, institution_ids: list[UUID]) -> list[Report]:
    """Return the reports of institutions, the newest first."""
    return await read.all(
        Report,
        """
        SELECT institution_id, digest, face, key, is_complete, is_passed, passed, failed, ended, received_at
          FROM onboarding.reports WHERE institution_id = ANY ($1) ORDER BY ended DESC, digest
        """,
        institution_ids,
    )


async def begin(tx: Transaction) -> None:
    """Follow the chain of deeds from its beginning."""
    await tx.run("INSERT INTO onboarding.position (name, block) VALUES ('uses', 0) ON CONFLICT (name) DO NOTHING")


async def hold_position(tx: Transaction) -> int | None:
    """Return the block that was followed last; until this transaction ends nobody else moves it."""
    return await tx.value(int, "SELECT block FROM onboarding.position WHERE name = 'uses' FOR UPDATE")


async def move(tx: Transaction, block: int) -> None:
    """Keep how far the chain has been followed."""
    await tx.run("UPDATE onboarding.position SET block = $1 WHERE name = 'uses'", block)


async def kinds_of(read: Read, terminal_ids: list[UUID]) -> dict[UUID, str]:
    """Return the kinds of terminals, retired ones too."""
    found = await read.all(
        TerminalKind, "SELECT id, kind FROM institutions.terminals WHERE id = ANY ($1)", terminal_ids
    )
    return dict(found)


async def add_days(tx: Transaction, days: Sequence[tuple[tuple[UUID, Point, date], int]]) -> None:
    """Add to the uses of points by day."""
    await tx.run(
        """
        INSERT INTO onboarding.point_days AS d (institution_id, point, day, uses)
        SELECT institution_id, point, day, uses
          FROM unnest($1::uuid[], $2::text[], $3::date[], $4::bigint[]) AS new (institution_id, point, day, uses)
        ON CONFLICT (institution_id, point, day) DO UPDATE SET uses = d.uses + excluded.uses
        """,
        [place[0] for place, _ in days],
        [str(place[1]) for place, _ in days],
        [place[2] for place, _ in days],
        [uses for _, uses in days],
    )


async def put_points(tx: Transaction, latest: Sequence[tuple[tuple[UUID, Point], datetime]]) -> None:
    """Write when points were last used."""
    await tx.run(
        """
        INSERT INTO onboarding.points AS p (institution_id, point, last_used_at)
        SELECT institution_id, point, last_used_at
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS new (institution_id, point, last_used_at)
        ON CONFLICT (institution_id, point) DO UPDATE
           SET last_used_at = greatest(p.last_used_at, excluded.last_used_at)
        """,
        [place[0] for place, _ in latest],
        [str(place[1]) for place, _ in latest],
        [at for _, at in latest],
    )


async def points(read: Read, institution_ids: list[UUID], since: date) -> list[PointRow]:
    """Return the points of institutions that were ever used, with their uses since a day."""
    return await read.all(
        PointRow,
        """
        SELECT p.institution_id, p.point, p.last_used_at, coalesce(sum(d.uses), 0)::bigint AS uses
          FROM onboarding.points AS p
          LEFT JOIN onboarding.point_days AS d
            ON d.institution_id = p.institution_id AND d.point = p.point AND d.day >= $2
         WHERE p.institution_id = ANY ($1)
         GROUP BY p.institution_id, p.point, p.last_used_at
        """,
        institution_ids,
        since,
    )


async def forget_days(tx: Transaction, before: date) -> int:
    """Forget the counts of days before this one; return how many."""
    return await tx.run("DELETE FROM onboarding.point_days WHERE day < $1", before)


async def desks(read: Read, institution_ids: list[UUID]) -> list[Desks]:
    """Count the active terminals of institutions by kind and scene."""
    return await read.all(
        Desks,
        """
        SELECT institution_id, kind, scene_code, count(*) AS terminals FROM institutions.terminals
         WHERE institution_id = ANY ($1) AND state = 'active'
         GROUP BY institution_id, kind, scene_code
        """,
        institution_ids,
    )
