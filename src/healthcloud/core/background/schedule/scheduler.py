"""The scheduler: whoever holds the lease makes a job of each recurring one that is due."""

from collections.abc import Sequence

from healthcloud.core.background import store as jobs
from healthcloud.core.background.model import NewJob, Priority
from healthcloud.core.background.schedule import store
from healthcloud.core.background.schedule.model import ScheduleState, next_run
from healthcloud.core.background.wiring import Recurring
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease


class Scheduler:
    """Makes a job of each recurring one that is due, in the transaction that notes when it is due again."""

    def __init__(self, recurring: Sequence[Recurring]) -> None:
        self._recurring = {one.name: one for one in recurring}
        self._entered = False

    async def step(self, database: Database, lease: Lease) -> int:
        """Put what is due into the queue and return how many jobs that made; a run missed is made up for once."""

        async def put(tx: Transaction) -> int:
            await lease.guard(tx)
            return await self._put_due(tx)

        if not self._entered:
            await database.transact(self._enter)
            self._entered = True
        return await database.transact(put)

    async def _enter(self, tx: Transaction) -> None:
        now = tx.clock.now()
        soonest = [now + one.every for one in self._recurring.values()]
        await store.enter_schedule(tx, list(self._recurring), now, soonest)

    async def _put_due(self, tx: Transaction) -> int:
        now, made = tx.clock.now(), 0
        for state in await store.due_schedules(tx, list(self._recurring), now):
            job = NewJob(new_id(), state.name, Priority.NORMAL, {}, now, now)
            made += await jobs.add_job_unless_waiting(tx, job)
            again = next_run(state.next_at, self._recurring[state.name].every, now)
            await store.move_schedule(tx, state.name, again, now)
        return made


async def schedule_states(read: Read) -> list[ScheduleState]:
    """Return when each recurring job ran last and is due next."""
    return await store.schedules(read)
