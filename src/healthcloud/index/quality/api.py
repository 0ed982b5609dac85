"""Quality over HTTP: the measures, and the sample a clerk judges."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.index.errors import NotYourInstitution, SampleNotFound
from healthcloud.index.model import REVIEW
from healthcloud.index.quality import reads, sampling
from healthcloud.index.quality.model import InstitutionQuality, Precision, Quality, Verdict
from healthcloud.index.reviewing.shown import PartShown, RecordShown

router = APIRouter(prefix="/index/quality", tags=["index"])
LOOK = needs(*reads.SCOPES)


@dataclass(frozen=True, slots=True)
class QualityShown:
    """The measures as of `counted_at`; `questions` are in hand, by kind; ages in seconds; shares from 0 to 1."""

    institution_id: UUID | None
    counted_at: datetime | None
    records: dict[str, int]
    outcomes: dict[str, int]
    links_by_rule: dict[str, int]
    questions: dict[str, int]
    duplicates_suspected: int
    oldest_question_seconds: int | None
    median_question_seconds: int | None
    precision: Precision

    @classmethod
    def of(cls, found: Quality) -> Self:
        """Show it."""
        return cls(
            institution_id=found.institution_id,
            counted_at=found.counted_at,
            records=dict(found.records),
            outcomes=dict(found.outcomes),
            links_by_rule=dict(found.links_by_rule),
            questions=dict(found.questions),
            duplicates_suspected=found.duplicates_suspected,
            oldest_question_seconds=int(found.oldest_question.total_seconds()) if found.oldest_question else None,
            median_question_seconds=int(found.median_question.total_seconds()) if found.median_question else None,
            precision=found.precision,
        )


class SampledLink(BaseModel):
    """An automatic link to be judged: two records and what the matching says of them today, field by field."""

    record: RecordShown
    other: RecordShown
    rule: str
    drawn_at: datetime
    weight: float
    parts: list[PartShown]


class NextSample(BaseModel):
    """The sample that has waited longest; None where none waits."""

    sample: SampledLink | None


class JudgeBody(Wish):
    """What a clerk says of a sampled link."""

    verdict: Verdict = Field(description="same, different, or unsure where what is written does not tell")


@router.get("", dependencies=[LOOK], responses=problems(NotYourInstitution))
async def quality(caller: CallerIn, database: DatabaseIn, institution_id: UUID | None = None) -> QualityShown:
    """Show how good the index is 主索引质量, of the city or an institution; its own staff see their own."""
    async with database.read() as read:
        return QualityShown.of(await reads.quality_of(read, caller, institution_id))


@router.get("/institutions", dependencies=[LOOK])
async def institutions(caller: CallerIn, database: DatabaseIn) -> list[InstitutionQuality]:
    """List the institutions' measures 各机构质量, those with most records first."""
    async with database.read() as read:
        return await reads.by_institution(read, caller)


@router.post("/samples/next", dependencies=[needs(REVIEW)])
async def next_sample(caller: CallerIn, database: DatabaseIn) -> NextSample:
    """Open the sampled link that has waited longest 抽查, unmasked; whoever it is of can read that it was done."""
    found = await database.transact(lambda tx: sampling.next_sample(tx, caller))
    if found is None:
        return NextSample(sample=None)
    parts = [PartShown(field=one.field, level=one.level, weight=one.weight) for one in found.decision.parts]
    return NextSample(
        sample=SampledLink(
            record=RecordShown.of(found.record),
            other=RecordShown.of(found.other),
            rule=found.rule,
            drawn_at=found.drawn_at,
            weight=found.decision.weight,
            parts=parts,
        )
    )


@router.post(
    "/samples/{record_id}/judge",
    status_code=204,
    dependencies=[needs(REVIEW)],
    responses=problems(SampleNotFound),
)
async def judge(record_id: UUID, body: JudgeBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Say whether a sampled link is right 抽查结论; it measures, and parts nobody."""
    await database.transact(lambda tx: sampling.judge(tx, caller, record_id, body.verdict))
