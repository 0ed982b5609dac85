"""Counting the index behind the requests, once an hour: a look at the measures reads one row, never the records."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from healthcloud.core.background import Body, Recurring
from healthcloud.core.db import Transaction
from healthcloud.index.model import CITY, DIGEST
from healthcloud.index.quality import store
from healthcloud.index.quality.model import MOST_DRAWN, SAMPLED_IN_65536, Counts, added

EVERY = timedelta(hours=1)
_DRAWN_BY = "quality sample"
_BEGINNING = datetime.min.replace(tzinfo=UTC)


async def count(tx: Transaction, share: int = SAMPLED_IN_65536) -> None:
    """Draw samples from what was linked since the last counting, `share` of 65,536, and count everything anew."""
    now = tx.clock.now()
    before = await store.counts_of(tx, CITY)
    await _draw(tx, before.counted_at if before else _BEGINNING, now, share)
    counted = await _count(tx)
    await store.keep_counts(tx, list(counted), [msgspec.json.encode(one) for one in counted.values()], now)


async def _draw(tx: Transaction, since: datetime, until: datetime, share: int) -> None:
    """Which links are drawn follows from a keyed hash of the record: nobody outside can know them beforehand."""
    key = tx.vault.fingerprint(DIGEST, _DRAWN_BY)
    drawn = {one.record_id: one for one in await store.draw(tx, key, share, since, until, MOST_DRAWN)}
    near = await store.neighbours(tx, list(drawn))
    people = await store.whose(tx, [*drawn, *(one.other_id for one in near)])
    person_of = {one.record_id: one.person_id for one in people}
    best: dict[UUID, UUID] = {}
    for one in near:
        if person_of.get(one.other_id) == person_of[one.record_id]:
            best.setdefault(one.record_id, one.other_id)
    if best:
        await store.add_samples(tx, [drawn[one] for one in best], list(best.values()), until)


async def _count(tx: Transaction) -> dict[UUID, Counts]:
    """Return the counts of each source, the city's whole under its own."""
    records, questions = await store.tally_records(tx), await store.tally_questions(tx)
    samples = await store.tally_samples(tx)
    ages = {one.source_id: one for one in await store.ages_by_source(tx) if one.source_id != CITY}
    ages |= {one.source_id: one for one in await store.ages_of_all(tx)}
    records_of, questions_of, samples_of = defaultdict(list), defaultdict(list), defaultdict(list)
    for record in records:
        for source in {record.source_id, CITY}:
            records_of[source].append(record)
    for question in questions:
        for source in {question.source_id, CITY}:
            questions_of[source].append(question)
    for sample in samples:
        for source in {sample.source_id, CITY}:
            samples_of[source].append(sample)
    counted = {}
    # Who was counted before and has nothing left is counted as nothing.
    known = [one.source_id for one in await store.every_count(tx)]
    for source in sorted({CITY, *known, *records_of, *questions_of}):
        aged = ages.get(source)
        placed = [one for one in records_of[source] if one.state == "placed" and one.outcome]
        counted[source] = Counts(
            states=added((one.state, one.total) for one in records_of[source]),
            outcomes=added((one.outcome, one.total) for one in placed),
            rules=added((one.rule, one.total) for one in placed if one.outcome == "linked"),
            questions=added((one.kind, one.total) for one in questions_of[source]),
            duplicates=sum(one.duplicates for one in questions_of[source]),
            oldest=aged.oldest if aged else None,
            median=aged.median if aged else None,
            samples=added((one.verdict, one.total) for one in samples_of[source]),
        )
    return counted


async def _run(tx: Transaction, body: Body) -> None:
    del body
    await count(tx)


RECURRING = (Recurring("index.quality", EVERY, _run, time_limit=timedelta(minutes=5)),)
