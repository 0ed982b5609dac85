"""Every job there is, counted: waiting, due or not, and running."""

from healthcloud.core.background.standing.reads import StandingJobs, standing_jobs

__all__ = ["StandingJobs", "standing_jobs"]
