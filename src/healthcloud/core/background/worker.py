"""Workers: they take due jobs, most urgent first, and see that none is lost or done twice in effect."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import structlog

from healthcloud.core.background import store
from healthcloud.core.background.errors import NeverReturned, PoisonedBatch
from healthcloud.core.background.model import Due, Job, Priority, Progress, retry_delay, sanitized
from healthcloud.core.background.wiring import JobKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem

_log = structlog.get_logger("healthcloud.jobs")


class Worker(ABC):
    """Takes one batch of one kind at a time; run several side by side for more at once."""

    def __init__(self, database: Database, kinds: Iterable[JobKind]) -> None:
        self._database = database
        self._kinds = {kind.kind: kind for kind in kinds}

    @abstractmethod
    async def _take(self, kind: JobKind, due: Due) -> int: ...

    async def step(self) -> int:
        """Do one batch and return how many jobs it had; 0 when none is due that no other worker holds."""
        if not self._kinds:
            return 0
        async with self._database.read() as read:
            waiting = await store.due(read, list(self._kinds), list(Priority), read.clock.now())
        for due in waiting:
            if taken := await self._take(self._kinds[due.kind], due):
                return taken
        return 0

    async def _failed(self, job: Job, attempts: int, error: BaseException) -> None:
        """Count a failure: later again, or dead. A job another worker has finished meanwhile is left alone."""
        kind, told, now = self._kinds[job.kind], sanitized(error), self._database.clock.now()
        if attempts >= kind.max_attempts:
            _log.error("job died", kind=job.kind, job_id=str(job.id), attempts=attempts, error=told)
            await self._database.transact(lambda tx: store.bury(tx, job, attempts, now, told))
            return
        # Jitter only spreads retries; nothing secret hangs on it.
        due_at = now + retry_delay(attempts, kind.first_retry, random.random())  # noqa: S311
        _log.warning("job failed", kind=job.kind, job_id=str(job.id), attempts=attempts, error=told)
        await self._database.transact(lambda tx: store.postpone(tx, job, attempts, due_at, told))


class InsideWorker(Worker):
    """Runs handlers in the transaction that removes their jobs: exactly once in effect."""

    def __init__(self, database: Database, kinds: Iterable[JobKind]) -> None:
        super().__init__(database, (kind for kind in kinds if kind.outside is None))

    async def _take(self, kind: JobKind, due: Due) -> int:
        taken: list[Job] = []

        async def batch(tx: Transaction) -> int:
            taken[:] = await store.take(tx, due, tx.clock.now(), kind.batch)
            try:
                await self._run(tx, kind, taken)
            except Problem as problem:
                if len(taken) == 1:
                    raise
                # A Problem has the refusals of the whole transaction written: those of the others are none.
                raise PoisonedBatch from problem
            return len(taken)

        try:
            return await self._database.transact(batch)
        except Exception as error:
            if not taken:
                raise
            if len(taken) == 1:
                await self._failed(taken[0], taken[0].attempts + 1, error)
                return 1
        for job in taken:
            await self._alone(job)
        return len(taken)

    async def _alone(self, job: Job) -> None:
        async def alone(tx: Transaction) -> None:
            again = await store.take_one(tx, job.id, tx.clock.now())
            if again is not None:
                await self._run(tx, self._kinds[again.kind], [again])

        try:
            await self._database.transact(alone)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises counts against its job
            await self._failed(job, job.attempts + 1, error)

    async def _run(self, tx: Transaction, kind: JobKind, jobs: Sequence[Job]) -> None:
        for job, progress in zip(jobs, await kind.carry_out(tx, [job.body for job in jobs]), strict=True):
            if progress is not None:
                await store.put_back(tx, job, progress.body, tx.clock.now(), progress.done, progress.total)


class OutsideWorker(Worker):
    """Runs handlers outside any transaction: their jobs hide meanwhile, and come back if this process dies."""

    def __init__(self, database: Database, kinds: Iterable[JobKind]) -> None:
        self._handlers = {kind.kind: kind.outside for kind in kinds if kind.outside is not None}
        super().__init__(database, (kind for kind in kinds if kind.kind in self._handlers))

    async def _take(self, kind: JobKind, due: Due) -> int:
        async def hide(tx: Transaction) -> list[Job]:
            now = tx.clock.now()
            return await store.hide(tx, due, now, now + 2 * kind.time_limit, kind.batch)

        jobs = await self._database.transact(hide)
        outcomes = await asyncio.gather(*(self._do(kind, job) for job in jobs), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        return len(jobs)

    async def _do(self, kind: JobKind, job: Job) -> None:
        if job.attempts > kind.max_attempts:
            await self._failed(job, job.attempts, NeverReturned())
            return
        try:
            async with asyncio.timeout(kind.time_limit.total_seconds()):
                progress = await self._handlers[job.kind](self._database, job.body)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises counts against its job
            await self._failed(job, job.attempts, error)
            return
        if not await self._database.transact(lambda tx: _finish(tx, job, progress)):
            _log.warning("job took too long and was given to another worker", kind=job.kind, job_id=str(job.id))


async def _finish(tx: Transaction, job: Job, progress: Progress | None) -> int:
    if progress is None:
        return await store.remove(tx, job.id, job.attempts)
    return await store.advance(tx, job.id, job.attempts, progress.body, tx.clock.now(), progress.done, progress.total)
