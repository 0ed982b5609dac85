"""Every statement about outbox and jobs: one function, one statement."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.background.model import Body, DeadJob, Due, Job, NewJob, OutboxRow, QueueState, WaitingJob
from healthcloud.core.db import Read, Transaction


async def claim_events(tx: Transaction, kinds: list[str], limit: int) -> list[OutboxRow]:
    """Take the oldest committed events of these kinds out of the outbox; those another relay holds are passed over."""
    return await tx.all(
        OutboxRow,
        """
        DELETE FROM core.outbox
         WHERE id = ANY (ARRAY(
               SELECT id FROM core.outbox WHERE kind = ANY ($1) ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING id, kind, body, at
        """,
        kinds,
        limit,
    )


async def add_jobs(tx: Transaction, jobs: list[NewJob]) -> None:
    """Write jobs that have not been tried yet."""
    columns = [list(column) for column in zip(*jobs, strict=True)]
    await tx.run(
        """
        INSERT INTO core.jobs (id, kind, priority, body, due_at, created_at)
        SELECT id, kind, priority, body, due_at, created_at
          FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])
            AS new (id, kind, priority, body, due_at, created_at)
        """,
        *columns,
    )


async def add_job_unless_waiting(tx: Transaction, job: NewJob) -> int:
    """Write a job unless one of its kind is there already; return how many were written."""
    return await tx.run(
        """
        INSERT INTO core.jobs (id, kind, priority, body, due_at, created_at)
        SELECT $1::uuid, $2::text, $3::smallint, $4::jsonb, $5::timestamptz, $6::timestamptz
         WHERE NOT EXISTS (SELECT FROM core.jobs WHERE kind = $2)
        """,
        *job,
    )


async def put_back(tx: Transaction, job: Job, body: Body, due_at: datetime, done: int, total: int | None) -> None:
    """Write a job that was taken out again, one chunk further, its failures forgotten."""
    await tx.run(
        """
        INSERT INTO core.jobs (id, kind, priority, body, due_at, done, total, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        job.id,
        job.kind,
        job.priority,
        body,
        due_at,
        done,
        total,
        job.created_at,
    )


async def due(read: Read, kinds: list[str], priorities: list[int], now: datetime) -> list[Due]:
    """Return which of these kinds have work now, the most urgent first, then the longest waiting."""
    return await read.all(
        Due,
        """
        SELECT k.kind AS kind, p.priority AS priority
          FROM unnest($1::text[]) AS k (kind)
         CROSS JOIN unnest($2::smallint[]) AS p (priority)
         CROSS JOIN LATERAL (
               SELECT j.due_at
                 FROM core.jobs AS j
                WHERE j.kind = k.kind AND j.priority = p.priority AND j.due_at <= $3
                ORDER BY j.due_at
                LIMIT 1) AS oldest
         ORDER BY p.priority, oldest.due_at
        """,
        kinds,
        priorities,
        now,
    )


async def take(tx: Transaction, wanted: Due, now: datetime, limit: int) -> list[Job]:
    """Take due jobs out of the queue, to be handled in this transaction."""
    return await tx.all(
        Job,
        """
        DELETE FROM core.jobs
         WHERE id = ANY (ARRAY(
               SELECT id
                 FROM core.jobs
                WHERE kind = $1 AND priority = $2 AND due_at <= $3
                ORDER BY due_at, id
                LIMIT $4
                  FOR UPDATE SKIP LOCKED))
        RETURNING id, kind, priority, body, attempts, created_at
        """,
        wanted.kind,
        wanted.priority,
        now,
        limit,
    )


async def take_one(tx: Transaction, job_id: UUID, now: datetime) -> Job | None:
    """Take this job out of the queue, unless another worker has it or it is no longer due."""
    return await tx.one(
        Job,
        """
        DELETE FROM core.jobs
         WHERE id = ANY (ARRAY(SELECT id FROM core.jobs WHERE id = $1 AND due_at <= $2 FOR UPDATE SKIP LOCKED))
        RETURNING id, kind, priority, body, attempts, created_at
        """,
        job_id,
        now,
    )


async def hide(tx: Transaction, wanted: Due, now: datetime, until: datetime, limit: int) -> list[Job]:
    """Take due jobs to be handled outside: counted as tried, and not due again before `until`."""
    return await tx.all(
        Job,
        """
        UPDATE core.jobs
           SET attempts = attempts + 1, due_at = $5
         WHERE id = ANY (ARRAY(
               SELECT id
                 FROM core.jobs
                WHERE kind = $1 AND priority = $2 AND due_at <= $3
                ORDER BY due_at, id
                LIMIT $4
                  FOR UPDATE SKIP LOCKED))
        RETURNING id, kind, priority, body, attempts, created_at
        """,
        wanted.kind,
        wanted.priority,
        now,
        limit,
        until,
    )


async def remove(tx: Transaction, job_id: UUID, attempts: int) -> int:
    """Remove a job done outside, unless it has been tried again meanwhile; return how many were removed."""
    return await tx.run("DELETE FROM core.jobs WHERE id = $1 AND attempts = $2", job_id, attempts)


async def advance(
    tx: Transaction, job_id: UUID, attempts: int, body: Body, due_at: datetime, done: int, total: int | None
) -> int:
    """Save how far a job handled outside has come, unless it has been tried again meanwhile."""
    return await tx.run(
        """
        UPDATE core.jobs
           SET body = $3, due_at = $4, done = $5, total = $6, attempts = 0, last_error = NULL
         WHERE id = $1 AND attempts = $2
        """,
        job_id,
        attempts,
        body,
        due_at,
        done,
        total,
    )


async def postpone(tx: Transaction, job: Job, attempts: int, due_at: datetime, error: str) -> int:
    """Count a failure and try again at `due_at`."""
    return await tx.run(
        "UPDATE core.jobs SET attempts = $3, due_at = $4, last_error = $5 WHERE id = $1 AND attempts = $2",
        job.id,
        job.attempts,
        attempts,
        due_at,
        error,
    )


async def bury(tx: Transaction, job: Job, attempts: int, died_at: datetime, error: str) -> int:
    """Move a job to the dead ones."""
    return await tx.run(
        """
        WITH gone AS (
            DELETE FROM core.jobs WHERE id = $1 AND attempts = $2
            RETURNING id, kind, priority, body, created_at)
        INSERT INTO core.dead_jobs (id, kind, priority, body, attempts, last_error, created_at, died_at)
        SELECT id, kind, priority, body, $3, $5, created_at, $4 FROM gone
        """,
        job.id,
        job.attempts,
        attempts,
        died_at,
        error,
    )


async def dead_jobs(read: Read, died_at: datetime, job_id: UUID, limit: int) -> list[DeadJob]:
    """Return dead jobs after this place, the first to die first."""
    return await read.all(
        DeadJob,
        """
        SELECT id, kind, priority, body, attempts, last_error, created_at, died_at
          FROM core.dead_jobs
         WHERE (died_at, id) > ($1, $2)
         ORDER BY died_at, id
         LIMIT $3
        """,
        died_at,
        job_id,
        limit,
    )


async def remove_dead(tx: Transaction, job_id: UUID) -> DeadJob | None:
    """Remove a dead job and return what it was."""
    return await tx.one(
        DeadJob,
        """
        DELETE FROM core.dead_jobs WHERE id = $1
        RETURNING id, kind, priority, body, attempts, last_error, created_at, died_at
        """,
        job_id,
    )


async def waiting_jobs(
    read: Read, kind: str | None, after: UUID, limit: int, *, begun: bool | None = None
) -> list[WaitingJob]:
    """Return jobs, of one kind or begun if asked, by id, which is the order they were made in."""
    return await read.all(
        WaitingJob,
        """
        SELECT id, kind, priority, due_at, attempts, last_error, done, total, created_at
          FROM core.jobs
         WHERE id > $3 AND ($1::text IS NULL OR kind = $1)
           AND ($2::boolean IS NULL OR (done IS NOT NULL OR (attempts > 0 AND last_error IS NULL)) = $2)
         ORDER BY id
         LIMIT $4
        """,
        kind,
        begun,
        after,
        limit,
    )


async def dead_job(read: Read, job_id: UUID) -> DeadJob | None:
    """Return one dead job."""
    return await read.one(
        DeadJob,
        """
        SELECT id, kind, priority, body, attempts, last_error, created_at, died_at
          FROM core.dead_jobs WHERE id = $1
        """,
        job_id,
    )


async def outbox_states(read: Read) -> list[QueueState]:
    """Return how many events of each kind wait for the relay."""
    return await read.all(
        QueueState,
        "SELECT kind AS queue, count(*) AS waiting, min(at) AS oldest_at FROM core.outbox GROUP BY kind ORDER BY kind",
    )


async def job_states(read: Read, now: datetime) -> list[QueueState]:
    """Return how many jobs of each kind are due, and since when."""
    return await read.all(
        QueueState,
        """
        SELECT kind AS queue, count(*) AS waiting, min(due_at) AS oldest_at
          FROM core.jobs
         WHERE due_at <= $1
         GROUP BY kind
         ORDER BY kind
        """,
        now,
    )


async def dead_states(read: Read) -> list[QueueState]:
    """Return how many jobs of each kind are dead, and since when."""
    return await read.all(
        QueueState,
        """
        SELECT kind AS queue, count(*) AS waiting, min(died_at) AS oldest_at
          FROM core.dead_jobs GROUP BY kind ORDER BY kind
        """,
    )
