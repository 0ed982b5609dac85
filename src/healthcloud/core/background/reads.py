"""What people and the metrics see of the queues."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from healthcloud.core.background import store
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


async def list_dead(read: Read, after: DeadJob | None = None, limit: int = 50) -> list[DeadJob]:
    """Return dead jobs after this one, the first to die first."""
    died_at, job_id = (after.died_at, after.id) if after else _FIRST_PLACE
    return await store.dead_jobs(read, died_at, job_id, limit)


async def list_waiting(read: Read, kind: str, after: UUID = _FIRST_PLACE[1], limit: int = 50) -> list[WaitingJob]:
    """Return the jobs of one kind after this id, with their failures and progress."""
    return await store.waiting_jobs(read, kind, after, limit)
