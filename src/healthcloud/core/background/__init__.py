"""What happens behind the requests: outbox, jobs, followers, what recurs, and what one machine alone does."""

from healthcloud.core.background.actions import discard, enqueue, enqueue_many, replay
from healthcloud.core.background.errors import DeadJobNotFound, WiringFault
from healthcloud.core.background.follower import Follower
from healthcloud.core.background.model import (
    Body,
    DeadJob,
    Job,
    Priority,
    Progress,
    QueueState,
    WaitingJob,
    sanitized,
)
from healthcloud.core.background.reads import (
    BackgroundState,
    background_state,
    dead_job,
    list_dead,
    list_running,
    list_waiting,
)
from healthcloud.core.background.runner import Runner
from healthcloud.core.background.standing import standing_jobs
from healthcloud.core.background.wiring import (
    FollowerSpec,
    JobKind,
    NoReaction,
    Reaction,
    Recurring,
    Sole,
    Wiring,
    announced_events,
    in_portions,
)

__all__ = [
    "BackgroundState",
    "Body",
    "DeadJob",
    "DeadJobNotFound",
    "Follower",
    "FollowerSpec",
    "Job",
    "JobKind",
    "NoReaction",
    "Priority",
    "Progress",
    "QueueState",
    "Reaction",
    "Recurring",
    "Runner",
    "Sole",
    "WaitingJob",
    "Wiring",
    "WiringFault",
    "announced_events",
    "background_state",
    "dead_job",
    "discard",
    "enqueue",
    "enqueue_many",
    "in_portions",
    "list_dead",
    "list_running",
    "list_waiting",
    "replay",
    "sanitized",
    "standing_jobs",
]
