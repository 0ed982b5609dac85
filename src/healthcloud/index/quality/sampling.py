"""Automatic links drawn for a clerk to judge, so that the machine's precision is measured and not believed."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.index import deeds
from healthcloud.index.errors import SampleNotFound
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Decision, decide, features_of
from healthcloud.index.model import REVIEW
from healthcloud.index.quality import store
from healthcloud.index.quality.model import Verdict
from healthcloud.index.records.model import Record
from healthcloud.index.records.reads import records_by_id

PURPOSE = "主索引质量抽查"


@dataclass(frozen=True, slots=True)
class SampleShown:
    """A link to be judged: the record, the one it was linked with, and how they compare today."""

    record: Record
    other: Record
    decision: Decision
    rule: str  # by which it was linked
    drawn_at: datetime


async def next_sample(tx: Transaction, caller: Caller) -> SampleShown | None:
    """Open the sample that has waited longest (scope index.review), a deed of whose it is; None where none waits."""
    caller.must(REVIEW)
    sample = await store.next_sample(tx)
    if sample is None:
        return None
    found = {one.id: one for one in await records_by_id(tx, [sample.record_id, sample.other_id])}
    record, other = found[sample.record_id], found[sample.other_id]
    reason = caller.reason or PURPOSE
    about = sorted({one.person_id for one in (record, other) if one.person_id is not None}) or [record.id]
    lines = [audit.Entry(deeds.COMPARED, one, reason=reason) for one in about]
    await audit.record_many(tx, replace(caller, reason=reason), lines)
    decision = decide(features_of(record.content), features_of(other.content), await live_model(tx))
    return SampleShown(record, other, decision, sample.rule, sample.drawn_at)


async def judge(tx: Transaction, caller: Caller, record_id: UUID, verdict: Verdict) -> None:
    """
    Keep what a clerk says of a sample (scope index.review); raise SampleNotFound where none waits.

    It measures and mends nothing: whoever finds two persons in one parts them by `questions.split`.
    """
    caller.must(REVIEW)
    if await store.judge(tx, record_id, verdict.value, caller.account_id, tx.clock.now()) is None:
        raise SampleNotFound
    [entry] = [audit.Entry(deeds.SAMPLE_JUDGED, record_id, detail={"verdict": verdict.value})]
    await audit.record_many(tx, caller, [entry])
