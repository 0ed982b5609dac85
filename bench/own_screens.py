"""A resident's own screens: home, card, uses, who looked; one of them has a hundred thousand lines to read."""

import asyncio
import time
import urllib.request
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Middle, Row
from bench.serving import Serving, cost, serve, warm
from bench.signed_in import signed_in
from bench.wrk import get, run_wrk
from healthcloud import audit
from healthcloud.core.caller import SYSTEM
from healthcloud.server.composition import open_city

PROMISE_MS = 50.0
RESIDENTS = 200
LINES, LINES_AT_ONCE = 100_000, 1_000
CONNECTIONS = 4
SETTLING_SECONDS = 5.0
MOST_PER_SECOND = 4_000
DEED = "people.opened"


@dataclass(frozen=True, slots=True)
class Screen:
    """A page as its visitor asks for it; `shows` is in it and in no page that sends them elsewhere."""

    name: str
    path: str
    shows: bytes
    by_one: bool = False  # asked for by the one with so many lines alone


SCREENS = (
    Screen("home", "/", b'href="/messages"'),
    Screen("card's data", "/card/now", b'"code"'),
    Screen("use log", "/uses", b"<main"),
    Screen("who looked", "/looks", b"<main"),
    Screen(f"who looked, {LINES:,} lines", "/looks", b"cursor=", by_one=True),
    Screen(f"who opened it, of {LINES:,} lines", "/looks?show=looked", b"cursor=", by_one=True),
    Screen(f"home of one with {LINES:,} lines", "/", b'href="/messages"', by_one=True),
)


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Ask for each screen until the time is over, so many times; medians."""
    with serve(city) as serving:
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        residents = signed_in(city, RESIDENTS)
        asyncio.run(_write_lines(city, residents[0].person_id))
        # The screens are measured, not the sealer and who counts what is sealed.
        while city.ask("SELECT 1 FROM audit.unsealed LIMIT 1"):
            time.sleep(1)
        time.sleep(SETTLING_SECONDS)
        cookies = [one.cookie for one in residents]
        rows = [_measured(serving, screen, cookies, seconds, runs) for screen in SCREENS]
    beside = f"pgbench {yardstick.per_second:,.0f}/s"
    return [Row(**row, beside=beside) for row in rows]


def _measured(serving: Serving, screen: Screen, cookies: list[str], seconds: float, runs: int) -> dict[str, Any]:
    asking = cookies[:1] if screen.by_one else cookies[1:]
    _must_show(serving, screen, asking[-1])
    asked = [get(screen.path, {"Cookie": cookie}) for cookie in asking]
    requests = asked * (int(MOST_PER_SECOND * seconds) // len(asked) + 1)
    cpu = serving.cpu()
    loads = [run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds) for _ in range(runs)]
    answers, refused = sum(load.answered for load in loads), sum(load.refused for load in loads)
    middle = Middle.of(loads)
    return {
        "name": f"own screens: {screen.name}",
        "promise": f"p95 < {PROMISE_MS:.0f} ms",
        "found": middle.said("pages"),
        "kept": middle.p95 < PROMISE_MS and not refused,
        "data": f"{len(asking)} signed in of {serving.city.persons:,} persons, {CONNECTIONS} connections, "
        f"{runs} × {seconds:.0f} s",
        "command": "python -m bench own_screens",
        "p50": middle.p50,
        "p95": middle.p95,
        "p99": middle.p99,
        "checked": f"{answers:,} answers, {refused} refused; {cost(cpu, serving.cpu(), answers)}",
    }


def _must_show(serving: Serving, screen: Screen, cookie: str) -> None:
    """Look once, so that no bench measures how fast somebody is sent away."""
    asked = urllib.request.Request(f"{serving.url}{screen.path}", headers={"Cookie": cookie})  # noqa: S310 - our own
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address
        if answer.url != f"{serving.url}{screen.path}" or screen.shows not in answer.read():
            message = f"{answer.url} is not {screen.name}"
            raise LookupError(message)


async def _write_lines(city: BenchCity, person_id: UUID) -> None:
    """Have this resident's data looked at a hundred thousand times, at a hospital."""
    looker = replace(SYSTEM, institution_id=city.clients[0].institution_id)
    entries = [audit.Entry(DEED, person_id)] * LINES_AT_ONCE
    async with open_city(city.settings, name="bench lines", pool_size=2) as opened:
        for _ in range(LINES // LINES_AT_ONCE):
            await opened.database.transact(lambda tx: audit.record_many(tx, looker, entries))
