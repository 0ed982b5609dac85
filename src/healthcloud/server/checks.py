"""What /readyz looks at beside database and schema: this month's partitions, months ahead, sealer, lists, keys."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from healthcloud import audit, cards
from healthcloud.core.db import Database
from healthcloud.core.health import Check
from healthcloud.core.partitions import partitions_ahead
from healthcloud.server.composition import City

LATE = timedelta(minutes=1)
LEAST_MONTHS_AHEAD = 1
_REMEMBERED_SECONDS = 5.0


class _Remembered:
    """A condition asked at most each five seconds while it holds: load balancers ask more often than things change."""

    def __init__(self, asks: Callable[[Database], Awaitable[bool]]) -> None:
        self._asks = asks
        self._good_until = 0.0

    async def __call__(self, database: Database) -> bool:
        if time.monotonic() < self._good_until:
            return True
        good = await self._asks(database)
        self._good_until = time.monotonic() + _REMEMBERED_SECONDS if good else 0.0
        return good


def city_checks(city: City) -> tuple[Check, ...]:
    """Return them; without this month's partitions nothing can be written, the others are warnings."""

    async def keys_are_read(_: Database) -> bool:
        return city.keys.fault is None

    return (
        *_of_the_database(),
        Check(
            "keys",
            "the key file cannot be read; the keys stay as they were",
            "密钥文件无法读取，仍使用先前的密钥",
            keys_are_read,
            vital=False,
        ),
    )


def _of_the_database() -> tuple[Check, ...]:
    return (
        Check(
            "months",
            "a table has no partition for this month: run `healthcloud doctor`",
            "有表缺少本月分区：请运行 healthcloud doctor",
            _Remembered(_this_month_is_there),
        ),
        Check(
            "months-ahead",
            "a table has no partition for next month: see `healthcloud jobs dead`",
            "有表缺少下月分区：请看 healthcloud jobs dead",
            _Remembered(_next_month_is_there),
            vital=False,
        ),
        Check(
            "sealer",
            "deeds have waited over a minute for the sealer",
            "审计记录等待封存超过一分钟",
            _Remembered(_sealer_keeps_up),
            vital=False,
        ),
        Check(
            "offline-lists",
            "no revocation list was signed for five minutes: offline readers hear of nothing",
            "五分钟没有签发吊销名单，离线设备得不到新的吊销信息",
            _Remembered(_lists_are_fresh),
            vital=False,
        ),
    )


async def _least_ahead(database: Database) -> int:
    async with database.read() as read:
        return min((await partitions_ahead(read)).values(), default=LEAST_MONTHS_AHEAD)


async def _this_month_is_there(database: Database) -> bool:
    return await _least_ahead(database) >= 0


async def _next_month_is_there(database: Database) -> bool:
    return await _least_ahead(database) >= LEAST_MONTHS_AHEAD


async def _lists_are_fresh(database: Database) -> bool:
    async with database.read() as read:
        return await cards.offline.is_fresh(read)


async def _sealer_keeps_up(database: Database) -> bool:
    async with database.read() as read:
        return await audit.sealing_lag(read, read.clock.now()) <= LATE
