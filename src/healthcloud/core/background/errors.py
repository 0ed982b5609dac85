"""What can go wrong around jobs."""

from healthcloud.core.errors import NotFound


class DeadJobNotFound(NotFound):
    """There is no failed job with this number; it may have been replayed or discarded already."""

    code = "dead-job-not-found"
    zh = "没有这个编号的失败任务，可能已经重新执行或放弃。"


class WiringFault(Exception):
    """The features do not fit together: a programmer's error, found before anything is served."""


class PoisonedBatch(Exception):
    """One of several jobs in a transaction was refused; each is tried alone, so that only that one counts as failed."""


class NeverReturned(Exception):
    """Each process that tried this job died or was stopped before it came to an end."""
