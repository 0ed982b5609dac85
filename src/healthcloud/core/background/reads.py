"""What people and the metrics see of the queues."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from healthcloud.core.background import store
from healthcloud.core.background.errors import DeadJobNotFound
from healthcloud.core.background.model import DeadJob, QueueState, WaitingJob
from healthcloud.core.background.schedule import ScheduleState, schedule_states
from healthcloud.core.db import Read

_FIRST_PLACE = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class BackgroundState:
    """What waits, what has died, what is due: one line per kind, kinds with nothing left out."""

    outbox: list[QueueState]
    jobs: list[QueueState]
    dead: list[QueueState]
    schedule: list[ScheduleState]


async def background_state(read: Read) -> BackgroundState:
    """Return the depth of every queue and its oldest row, for metrics and health."""
    return BackgroundState(
        outbox=await store.outbox_states(read),
        jobs=await store.job_states(read, read.clock.now()),
        dead=await store.dead_states(read),
        schedule=await schedule_states(read),
    )


async def list_dead(read: Read, after: DeadJob | tuple[datetime, UUID] | None = None, limit: int = 50) -> list[DeadJob]:
    """Return dead jobs after this one, or after this place (died_at, id), the first to die first."""
    died_at, job_id = (after.died_at, after.id) if isinstance(after, DeadJob) else after or _FIRST_PLACE
    return await store.dead_jobs(read, died_at, job_id, limit)


async def list_waiting(
    read: Read, kind: str | None = None, after: UUID = _FIRST_PLACE[1], limit: int = 50
) -> list[WaitingJob]:
    """Return jobs after this id, of one kind if asked, with their failures and progress."""
    return await store.waiting_jobs(read, kind, after, limit)


async def dead_job(read: Read, job_id: UUID) -> DeadJob:
    """Return one dead job; raise DeadJobNotFound."""
    found = await store.dead_job(read, job_id)
    if found is None:
        raise DeadJobNotFound
    return found


async def list_running(read: Read, limit: int = 50) -> list[WaitingJob]:
    """Return jobs that have been begun and not ended; what runs within one transaction shows nowhere before its end."""
    return await store.waiting_jobs(read, None, _FIRST_PLACE[1], limit, begun=True)
