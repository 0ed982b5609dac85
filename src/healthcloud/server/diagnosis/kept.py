"""What the database says: its schema, the months ahead, the sealer, jobs that failed for good."""

from datetime import timedelta

import asyncpg

from healthcloud import audit, cards
from healthcloud.core.background import background_state
from healthcloud.core.db import Read
from healthcloud.core.errors import Problem
from healthcloud.core.partitions import partitions_ahead
from healthcloud.core.postgres import pending_migrations
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.diagnosis.findings import Finding, State, good, problem_found
from healthcloud.server.storage import app_url

LATE = timedelta(minutes=1)


async def kept_findings(settings: Settings) -> list[Finding]:
    """Look at all of it; the first thing that stands in the way ends the list."""
    try:
        pending = await pending_migrations(app_url(settings))
        if pending:
            words = f"缺少 {len(pending)} 个迁移，第一个是 {pending[0].name}"
            return [Finding("migrations", State.BAD, words, "运行 healthcloud db migrate。")]
        async with open_city(settings, name="healthcloud doctor", pool_size=2) as city, city.database.read() as read:
            looked = [await _partitions(read), await _sealer(read), await _lists(read), await _dead(read)]
    except Problem as problem:
        return [problem_found("database", problem)]
    except (OSError, asyncpg.PostgresError) as error:
        words, remedy = f"无法连接（{type(error).__name__}）", "启动数据库，检查 HEALTHCLOUD_DATABASE_URL 和网络。"
        return [Finding("database", State.BAD, words, remedy)]
    return [good("database", "可以连接"), good("migrations", "数据库结构是最新的"), *looked]


async def _partitions(read: Read) -> Finding:
    ahead = await partitions_ahead(read)
    least = min(ahead.values(), default=0)
    words = f"按月分区最少提前 {least} 个月"
    if least < 1:
        return Finding("partitions", State.BAD, words, "运行 healthcloud serve，后台进程会建立分区；见 jobs dead。")
    return good("partitions", words)


async def _sealer(read: Read) -> Finding:
    lag = await audit.sealing_lag(read, read.clock.now())
    words = f"封存落后 {lag.total_seconds():.0f} 秒"
    if lag > LATE:
        return Finding("sealer", State.WARNING, words, "运行 healthcloud serve，或 healthcloud audit export-head。")
    return good("sealer", words)


async def _lists(read: Read) -> Finding:
    stand = await cards.offline.standing(read)
    words = (
        "尚未签发吊销名单" if stand.issued_at is None else f"吊销名单第 {stand.number} 号，待发布 {stand.waiting} 条"
    )
    if not await cards.offline.is_fresh(read):
        remedy = "运行 healthcloud serve，后台进程每分钟签发一次；见 jobs dead。"
        return Finding("offline-lists", State.WARNING, words, remedy)
    return good("offline-lists", words)


async def _dead(read: Read) -> Finding:
    dead = (await background_state(read)).dead
    if dead:
        words = "，".join(f"{one.queue} {one.waiting} 个" for one in dead)
        remedy = "查看 healthcloud jobs dead，再 replay 或 discard。"
        return Finding("jobs", State.WARNING, f"失败的任务：{words}", remedy)
    return good("jobs", "没有失败的任务")
