"""The schedule: recurring jobs, put into the queue by one machine of many."""

from healthcloud.core.background.schedule.model import ScheduleState, next_run
from healthcloud.core.background.schedule.scheduler import Scheduler, schedule_states

__all__ = ["ScheduleState", "Scheduler", "next_run", "schedule_states"]
