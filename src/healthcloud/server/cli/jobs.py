"""`healthcloud jobs`: what waits behind the requests, and what has failed for good."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import audit
from healthcloud.core.background import DeadJob, background_state, discard, list_dead, replay, standing_jobs
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.server.cli.output import Json, Yes, confirm, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.deeds import JOB_DISCARDED, JOB_REPLAYED

app = typer.Typer(help="后台任务：队列、失败任务。", no_args_is_help=True)
JobId = Annotated[UUID, typer.Argument(metavar="编号", help="失败任务的编号。")]
Reason = Annotated[str | None, typer.Option("--reason", help="为什么，记入审计。")]
_PAGE = 200


@app.command("list")
def list_queues(*, as_json: Json = False) -> None:
    """列出等待的事件，等待、进行中和已放弃的任务，以及定时任务，各有数量和最早时间。"""

    async def look(city: City) -> list[dict[str, object]]:
        async with city.database.read() as read:
            state, jobs = await background_state(read), await standing_jobs(read)
        queues = {"outbox": state.outbox, "waiting": jobs.waiting, "running": jobs.running, "dead": state.dead}
        rows = [asdict(one) | {"kind": kind} for kind, states in queues.items() for one in states]
        return rows + [
            {"kind": "schedule", "queue": one.name, "waiting": None, "oldest_at": one.next_at} for one in state.schedule
        ]

    heads = {"kind": "类别", "queue": "名称", "waiting": "数量", "oldest_at": "最早到期／下次"}
    put_rows(in_city(look), heads, as_json=as_json)


@app.command()
def dead(*, as_json: Json = False) -> None:
    """列出已放弃重试的任务，最早失败的在前。"""

    async def look(city: City) -> list[DeadJob]:
        async with city.database.read() as read:
            return await list_dead(read, limit=_PAGE)

    heads = {"id": "编号", "kind": "任务", "attempts": "次数", "last_error": "原因", "died_at": "放弃时间"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)


@app.command("replay")
def replay_job(job_id: JobId, *, reason: Reason = None) -> None:
    """让一个失败任务重新执行。"""

    async def again(tx: Transaction) -> DeadJob:
        job = await replay(tx, job_id)
        await audit.record(tx, SYSTEM, JOB_REPLAYED, job.id, reason=reason, detail={"kind": job.kind})
        return job

    say(f"已放回队列：{_changed(again).kind}")


@app.command("discard")
def discard_job(job_id: JobId, *, reason: Reason = None, yes: Yes = False) -> None:
    """永远放弃一个失败任务。"""
    confirm(f"任务 {job_id} 将不再执行。", yes=yes)

    async def drop(tx: Transaction) -> DeadJob:
        job = await discard(tx, job_id)
        await audit.record(tx, SYSTEM, JOB_DISCARDED, job.id, reason=reason, detail={"kind": job.kind})
        return job

    say(f"已放弃：{_changed(drop).kind}")


def _changed(action: Callable[[Transaction], Awaitable[DeadJob]]) -> DeadJob:
    return in_city(lambda city: city.database.transact(action))
