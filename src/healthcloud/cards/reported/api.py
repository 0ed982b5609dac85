"""Uses an institution reports after the fact, over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from healthcloud.cards.reported.actions import report_uses
from healthcloud.cards.reported.model import DELIVER, MOST_REPORTS, Report, Reported
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems

router = APIRouter(prefix="/cards/uses/reported", tags=["cards"])


class ReportWish(Wish):
    """A use as your system has it."""

    request_id: Annotated[
        str, Field(min_length=1, max_length=128, description="Your own, one for each report. 贵方的上报编号。")
    ]
    card: Annotated[str, Field(max_length=1024, description="The code that was shown, or the card's id. 码文或卡号。")]
    scene: Annotated[str, Field(max_length=16, description="medStepCode 诊疗环节, as you say it")]
    used_at: Moment
    terminal: Annotated[str | None, Field(max_length=64)] = None
    department: Annotated[str | None, Field(max_length=64)] = None
    channel: Annotated[str | None, Field(max_length=16)] = None
    cost_kinds: Annotated[str | None, Field(max_length=64)] = None

    def report(self) -> Report:
        """Return it as the action takes it."""
        return Report(**self.model_dump())


class ReportWishes(Wish):
    """Up to 500 uses at your institution."""

    reports: Annotated[list[ReportWish], Field(min_length=1, max_length=MOST_REPORTS)]


@dataclass(frozen=True, slots=True)
class ReportResult:
    """
    What became of a report.

    `verified` tells of a use the city saw, `unverified` has no scan behind it, `repeat` was known, `refused` has the
    problem (RFC 9457). `late_days`: nights in Shanghai between use and report. `is_scene_known` is false where the step
    of treatment was put to 其他.
    """

    request_id: str
    outcome: str
    is_verified: bool
    late_days: int
    is_scene_known: bool
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReportResults:
    """What became of each, in the order they were sent."""

    results: list[ReportResult]


@router.post("", dependencies=[needs(DELIVER)], responses=problems())
async def report(wish: ReportWishes, database: DatabaseIn, caller: CallerIn) -> ReportResults:
    """
    Report uses after the fact 用卡上报: a claim, kept apart from what the city saw; its holder reads it so.

    No Idempotency-Key is needed: the same `request_id` with the same words is the same report. A report that is refused
    leaves the others alone.
    """
    reports = [one.report() for one in wish.reports]
    answers = await database.transact(lambda tx: report_uses(tx, caller, reports))
    return ReportResults([_result(one) for one in answers])


def _result(answer: Reported) -> ReportResult:
    problem = None if answer.problem is None else answer.problem.body()
    return ReportResult(
        answer.request_id, answer.outcome, answer.is_verified, answer.late_days, answer.is_scene_known, problem
    )
