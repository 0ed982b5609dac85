"""Every statement about the index's quality."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Counted(NamedTuple):
    """Counts as kept, encoded."""

    source_id: UUID
    counted_at: datetime
    counts: bytes


class RecordTally(NamedTuple):
    """How many records of a source stand alike."""

    source_id: UUID
    state: str
    outcome: str
    rule: str
    total: int


class QuestionTally(NamedTuple):
    """How many questions of a kind a source's records raised, and how many of them are about several persons."""

    source_id: UUID
    kind: str
    total: int
    duplicates: int


class Ages(NamedTuple):
    """When the oldest and the middle question of a source were opened."""

    source_id: UUID
    oldest: datetime
    median: datetime


class SampleTally(NamedTuple):
    """How many sampled links of a source were judged so; an empty verdict waits."""

    source_id: UUID
    verdict: str
    total: int


class Linked(NamedTuple):
    """A record linked by the machine."""

    record_id: UUID
    source_id: UUID
    rule: str


class Neighbour(NamedTuple):
    """A record another is linked with, whose person it has."""

    record_id: UUID
    other_id: UUID
    weight: float


class Whose(NamedTuple):
    """Whose a record is."""

    record_id: UUID
    person_id: UUID


class Sample(NamedTuple):
    """A link to be judged."""

    record_id: UUID
    other_id: UUID
    source_id: UUID
    rule: str
    drawn_at: datetime
    verdict: str | None


async def counts_of(read: Read, source_id: UUID) -> Counted | None:
    """Return the counts of a source."""
    return await read.one(
        Counted,
        """
        SELECT source_id, counted_at, counts
          FROM index.quality
         WHERE source_id = $1
        """,
        source_id,
    )


async def every_count(read: Read) -> list[Counted]:
    """Return the counts of every source."""
    return await read.all(Counted, "SELECT source_id, counted_at, counts FROM index.quality ORDER BY source_id")


async def keep_counts(tx: Transaction, source_ids: list[UUID], counts: list[bytes], at: datetime) -> None:
    """Put these counts in the place of those of the last counting."""
    await tx.run(
        """
        INSERT INTO index.quality (source_id, counted_at, counts)
        SELECT source_id, $3, counts
          FROM unnest($1::uuid[], $2::bytea[]) AS new (source_id, counts)
         ORDER BY source_id
        ON CONFLICT (source_id) DO UPDATE SET counted_at = excluded.counted_at, counts = excluded.counts
        """,
        source_ids,
        counts,
        at,
    )


async def tally_records(read: Read) -> list[RecordTally]:
    """Count all records; reads the whole table once."""
    return await read.all(
        RecordTally,
        """
        SELECT source_id, state, coalesce(outcome, '') AS outcome, coalesce(rule, '') AS rule, count(*) AS total
          FROM index.records
         GROUP BY source_id, state, coalesce(outcome, ''), coalesce(rule, '')
        """,
    )


async def tally_questions(read: Read) -> list[QuestionTally]:
    """Count the questions in hand."""
    return await read.all(
        QuestionTally,
        """
        SELECT coalesce(source_id, $1::uuid) AS source_id, kind, count(*) AS total,
               count(*) FILTER (WHERE cardinality(person_ids) > 1) AS duplicates
          FROM index.questions
         WHERE state <> 'closed'
         GROUP BY coalesce(source_id, $1::uuid), kind
        """,
        UUID(int=0),
    )


async def ages_by_source(read: Read) -> list[Ages]:
    """Return how old the questions in hand of each source are."""
    return await read.all(
        Ages,
        """
        SELECT source_id, min(opened_at) AS oldest, percentile_disc(0.5) WITHIN GROUP (ORDER BY opened_at) AS median
          FROM index.questions
         WHERE state <> 'closed' AND source_id IS NOT NULL
         GROUP BY source_id
        """,
    )


async def ages_of_all(read: Read) -> list[Ages]:
    """Return how old all questions in hand are; nothing where there are none."""
    return await read.all(
        Ages,
        """
        SELECT $1::uuid AS source_id, min(opened_at) AS oldest,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY opened_at) AS median
          FROM index.questions
         WHERE state <> 'closed'
        HAVING count(*) > 0
        """,
        UUID(int=0),
    )


async def tally_samples(read: Read) -> list[SampleTally]:
    """Count the samples by what was said of them."""
    return await read.all(
        SampleTally,
        """
        SELECT source_id, coalesce(verdict, '') AS verdict, count(*) AS total
          FROM index.samples
         GROUP BY source_id, coalesce(verdict, '')
        """,
    )


async def draw(read: Read, key: bytes, below: int, since: datetime, until: datetime, limit: int) -> list[Linked]:
    """Return records linked in that time whose keyed hash begins below a bound of 65,536, the lowest hashes first."""
    return await read.all(
        Linked,
        """
        SELECT id AS record_id, source_id, coalesce(rule, '') AS rule
          FROM index.records
         WHERE placed_at > $3 AND placed_at <= $4 AND state = 'placed' AND outcome = 'linked' AND number <> ''
           AND get_byte(sha256($1::bytea || uuid_send(id)), 0) * 256
             + get_byte(sha256($1::bytea || uuid_send(id)), 1) < $2::integer
         ORDER BY sha256($1::bytea || uuid_send(id))
         LIMIT $5
        """,
        key,
        below,
        since,
        until,
        limit,
    )


async def neighbours(read: Read, record_ids: list[UUID]) -> list[Neighbour]:
    """Return whom the machine linked these records with, and nobody has judged, the heaviest first."""
    return await read.all(
        Neighbour,
        """
        SELECT record_id, other_id, weight
          FROM index.pairs
         WHERE record_id = ANY ($1::uuid[]) AND outcome = 'link' AND human IS NULL
         ORDER BY record_id, weight DESC, other_id
        """,
        record_ids,
    )


async def whose(read: Read, record_ids: list[UUID]) -> list[Whose]:
    """Return the persons of those records that have one."""
    return await read.all(
        Whose,
        """
        SELECT id AS record_id, person_id
          FROM index.records
         WHERE id = ANY ($1::uuid[]) AND person_id IS NOT NULL
        """,
        record_ids,
    )


async def add_samples(tx: Transaction, drawn: list[Linked], others: list[UUID], at: datetime) -> None:
    """Keep drawn links to be judged; one drawn before stays as it is."""
    await tx.run(
        """
        INSERT INTO index.samples (record_id, other_id, source_id, rule, drawn_at)
        SELECT record_id, other_id, source_id, rule, $5
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS new (record_id, other_id, source_id, rule)
         ORDER BY record_id
        ON CONFLICT (record_id) DO NOTHING
        """,
        [one.record_id for one in drawn],
        others,
        [one.source_id for one in drawn],
        [one.rule for one in drawn],
        at,
    )


async def next_sample(read: Read) -> Sample | None:
    """Return the sample that has waited longest."""
    return await read.one(
        Sample,
        """
        SELECT record_id, other_id, source_id, rule, drawn_at, verdict
          FROM index.samples
         WHERE verdict IS NULL
         ORDER BY drawn_at, record_id
         LIMIT 1
        """,
    )


async def judge(tx: Transaction, record_id: UUID, verdict: str, account_id: UUID, at: datetime) -> UUID | None:
    """Keep what a clerk says of a sample nobody has judged; return its record, None where there is none."""
    return await tx.value(
        UUID,
        """
        UPDATE index.samples
           SET verdict = $2, judged_by = $3, judged_at = $4
         WHERE record_id = $1 AND verdict IS NULL
        RETURNING record_id
        """,
        record_id,
        verdict,
        account_id,
        at,
    )
