"""Every job there is can be seen: also one that is not due yet, and one that runs just now."""

from datetime import timedelta

from healthcloud.core.background import Body, JobKind, QueueState, Wiring, enqueue
from healthcloud.core.background.standing import StandingJobs, standing_jobs
from healthcloud.core.background.worker import OutsideWorker
from healthcloud.core.db import Database


async def test_jobs_are_counted_whether_due_or_not_and_while_they_run(fresh_database: Database) -> None:
    seen: list[StandingJobs] = []

    async def look(database: Database, _: Body) -> None:
        async with database.read() as read:
            seen.append(await standing_jobs(read))

    later = fresh_database.clock.now() + timedelta(days=1)
    await fresh_database.transact(lambda tx: enqueue(tx, "t.later", {}, due_at=later))
    await fresh_database.transact(lambda tx: enqueue(tx, "t.now", {}))
    kinds = Wiring(jobs=(JobKind("t.now", outside=look),)).kinds().values()
    assert await OutsideWorker(fresh_database, kinds).step()
    assert [one.queue for one in seen[0].running] == ["t.now"]
    assert seen[0].waiting == [QueueState("t.later", 1, later)]
    async with fresh_database.read() as read:
        after = await standing_jobs(read)
    assert after == StandingJobs(seen[0].waiting, [])
