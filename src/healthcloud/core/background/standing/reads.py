"""What a person who looks after the jobs sees first."""

from dataclasses import dataclass

from healthcloud.core.background.model import QueueState
from healthcloud.core.background.standing import store
from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class StandingJobs:
    """Jobs by kind: not yet begun, due or not; begun and not ended."""

    waiting: list[QueueState]
    running: list[QueueState]


async def standing_jobs(read: Read) -> StandingJobs:
    """Count all jobs; what runs within one transaction counts as waiting until its end."""
    return StandingJobs(await store.standing_states(read, begun=False), await store.standing_states(read, begun=True))
