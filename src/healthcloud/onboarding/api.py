"""Onboarding over HTTP: where institutions stand, the application to connect, conformance reports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud import conformance, institutions
from healthcloud.core.db import Database
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.core.settings import Settings
from healthcloud.onboarding import actions, reads
from healthcloud.onboarding import errors as wrong
from healthcloud.onboarding.model import LONGEST_TEXT, MANAGE, MOST_SYSTEMS, READ, Application, Policy, Report, System
from healthcloud.onboarding.reads import Standing
from healthcloud.onboarding.rules import Point, PointUse, StepState

router = APIRouter(prefix="/onboarding", tags=["onboarding"])
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class SystemBody(Wish):
    """A system that is to be connected, and its vendor."""

    name: Text
    vendor: Text


class ApplicationBody(Wish):
    """Whom the city calls, which systems are to be connected, and at which points cards will be used."""

    contact: Text
    phone: Text
    systems: Annotated[list[SystemBody], Field(min_length=1, max_length=MOST_SYSTEMS)]
    points: Annotated[list[Point], Field(min_length=1, max_length=len(Point))]

    def item(self) -> Application:
        """Return it as the action takes it: each point once, in the order of the way through a hospital."""
        chosen = tuple(point for point in Point if point in self.points)
        return Application(
            self.contact, self.phone, tuple(System(one.name, one.vendor) for one in self.systems), chosen
        )


class ReportBody(Wish):
    """A signed conformance report, the whole file as the sandbox gave it."""

    format: Annotated[str, Field(max_length=60)]
    report: dict[str, Any]
    signature: dict[str, str]


class StandingsQuery(Wish):
    """Which institutions, and which page."""

    class_code: Annotated[str | None, Query(max_length=4)] = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step: whether it is reached, how much there is of what is wanted, since when, what is missing, who must act."""

    step: str
    is_met: bool
    have: int
    want: int
    at: datetime | None
    missing: list[str]
    who_acts: str


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point of use: whether it is to be converted, its active terminals, uses of the last days, the last use."""

    point: str
    is_planned: bool
    terminals: int
    uses: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingShown:
    """Where an institution stands; `reached` is the last step before the first that is not, `next` that one."""

    institution_id: UUID
    institution: str
    reached: str | None
    next: str | None
    face: str | None
    steps: list[StepShown]
    points: list[PointShown]


@dataclass(frozen=True, slots=True)
class ReportShown:
    """A report as it is kept; `digest` is the SM3 of what was signed, `is_trusted` whether its key still counts."""

    digest: str
    face: str
    key: str
    is_trusted: bool
    is_complete: bool
    is_passed: bool
    passed: int
    failed: int
    ended: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """What an application came to; `changed` is false where it stood so already."""

    changed: bool


@router.get("", dependencies=[needs(*READ)], responses=problems(CursorUnreadable))
async def list_standings(
    caller: CallerIn, database: DatabaseIn, settings: SettingsIn, query: Annotated[StandingsQuery, Query()]
) -> Page[StandingShown]:
    """List where institutions stand on their way in 接入进度; an institution's staff see their own."""
    (after,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.FIRST,)
    wanted = institutions.InstitutionFilter(class_code=query.class_code)
    policy = policy_of(settings, database)
    async with database.read() as read:
        found = await reads.list_standings(read, caller, policy, wanted, after=after, limit=query.limit + 1)
    page = page_of(found, query.limit, lambda one: (one.institution_id,))
    return Page([shown(one) for one in page.items], page.next)


@router.get("/{institution_id}", dependencies=[needs(*READ)], responses=problems(institutions.InstitutionUnknown))
async def show_standing(
    institution_id: UUID, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> StandingShown:
    """Show where an institution stands, what is missing next and who must act 一家机构的接入进度."""
    policy = policy_of(settings, database)
    async with database.read() as read:
        return shown(await reads.standing_of(read, caller, institution_id, policy))


@router.put(
    "/{institution_id}/application",
    dependencies=[needs(MANAGE)],
    responses=problems(institutions.InstitutionUnknown, wrong.ApplicationUnreadable),
)
async def apply(institution_id: UUID, body: ApplicationBody, caller: CallerIn, database: DatabaseIn) -> Applied:
    """Apply to connect, or change the application 提交接入申请; the same again changes nothing."""
    return Applied(await database.transact(lambda tx: actions.apply(tx, caller, institution_id, body.item())))


@router.post(
    "/{institution_id}/reports",
    dependencies=[needs(MANAGE)],
    responses=problems(
        institutions.InstitutionUnknown,
        wrong.ReportUnreadable,
        wrong.ReportUntrusted,
        wrong.ReportOfNobody,
        wrong.ReportOfAnother,
        wrong.ReportDateWrong,
    ),
)
async def keep_report(
    institution_id: UUID, body: ReportBody, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> ReportShown:
    """Hand a conformance report in 提交一致性报告; the same again is the same, so no Idempotency-Key is asked for."""
    policy, file = policy_of(settings, database), body.model_dump()
    kept = await database.transact(lambda tx: actions.keep_report(tx, caller, institution_id, file, policy))
    return _report(kept, policy)


@router.get(
    "/{institution_id}/reports", dependencies=[needs(*READ)], responses=problems(institutions.InstitutionUnknown)
)
async def list_reports(
    institution_id: UUID, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> list[ReportShown]:
    """List an institution's conformance reports, the newest first 一致性报告."""
    policy = policy_of(settings, database)
    async with database.read() as read:
        return [_report(one, policy) for one in await reads.reports_of(read, caller, institution_id)]


@router.get(
    "/{institution_id}/reports/{digest}",
    dependencies=[needs(*READ)],
    response_class=Response,
    responses=problems(institutions.InstitutionUnknown, wrong.ReportUnknown)
    | {200: {"content": {"application/json": {}}, "description": "The file, for `healthcloud conformance verify`."}},
)
async def show_report(institution_id: UUID, digest: Digest, caller: CallerIn, database: DatabaseIn) -> Response:
    """Return a report as it was handed in, so that anybody may verify it."""
    async with database.read() as read:
        file = await reads.report_file(read, caller, institution_id, bytes.fromhex(digest))
    return Response(file, media_type="application/json")


def policy_of(settings: Settings, database: Database) -> Policy:
    """Return which reports count and what is fresh, in this city."""
    return Policy.of(settings, database.vault, conformance.REPORTS)


def shown(one: Standing) -> StandingShown:
    """Return a standing as it is told."""
    state = one.state
    return StandingShown(
        one.institution_id,
        one.institution,
        state.reached,
        state.next.step if state.next else None,
        state.face,
        [_step(each) for each in state.steps],
        [_point(each) for each in one.points],
    )


def _step(one: StepState) -> StepShown:
    return StepShown(one.step, one.is_met, one.have, one.want, one.at, list(one.missing), one.who_acts)


def _point(one: PointUse) -> PointShown:
    return PointShown(one.point, one.is_planned, one.terminals, one.uses, one.last_used_at)


def _report(one: Report, policy: Policy) -> ReportShown:
    return ReportShown(
        one.digest.hex(),
        one.face,
        one.key,
        policy.trusts(one.key),
        one.is_complete,
        one.is_passed,
        len(one.passed),
        len(one.failed),
        one.ended,
        one.received_at,
    )
