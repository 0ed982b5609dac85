"""The card page: residents who are signed in look at their card, each with an account and a session of their own."""

import urllib.request

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Middle, Row
from bench.serving import Serving, cost, serve
from bench.signed_in import sign_in
from bench.wrk import Load, get, run_wrk

PROMISE = 1_500
PAGE = "/card"
RESIDENTS = 500
CONNECTIONS = 64
MOST_PER_SECOND = 6_000
WARM_UP_SECONDS = 2.0
# What the page of somebody who has a card shows, and no other: the code to be scanned.
SHOWS = b"<svg"


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load until the time is over, so many times; medians."""
    with serve(city) as serving:
        yardstick = run_pgbench(city.database.owner_url)
        cookies = sign_in(city, min(RESIDENTS, city.persons))
        size = _shown(serving, cookies[-1])
        _load(serving, cookies, WARM_UP_SECONDS)
        before = _counted(serving)
        loads = [_load(serving, cookies, seconds) for _ in range(runs)]
        pages = int(_counted(serving) - before)
    middle = Middle.of([load for load, _ in loads])
    answers, refused = sum(load.answered for load, _ in loads), sum(load.refused for load, _ in loads)
    fits = not refused and 0 <= pages - answers <= runs * CONNECTIONS
    return [
        Row(
            name="card page",
            promise=f"≥ {PROMISE:,}/s",
            found=middle.said("pages"),
            kept=middle.per_second >= PROMISE and fits,
            data=f"{len(cookies):,} residents signed in of {city.persons:,}, {CONNECTIONS} connections, "
            f"{runs} × {seconds:.0f} s, {size:,} bytes a page",
            command="python -m bench card_page",
            p50=middle.p50,
            p95=middle.p95,
            p99=middle.p99,
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{pages:,} cards shown for {answers:,} answers; {refused} refused; {loads[-1][1]}",
        )
    ]


def _load(serving: Serving, cookies: list[str], seconds: float) -> tuple[Load, str]:
    asked = [get(PAGE, {"Cookie": cookie}) for cookie in cookies]
    requests = asked * (int(MOST_PER_SECOND * seconds) // len(asked) + 1)
    cpu = serving.cpu()
    load = run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds)
    return load, cost(cpu, serving.cpu(), load.answered)


def _shown(serving: Serving, cookie: str) -> int:
    """Look at the page once, as a check that it is a card's; return its size in bytes."""
    asked = urllib.request.Request(f"{serving.url}{PAGE}", headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address
        text: bytes = answer.read()
    if answer.url != f"{serving.url}{PAGE}" or SHOWS not in text:
        message = f"{answer.url} shows no card"
        raise LookupError(message)
    return len(text)


def _counted(serving: Serving) -> float:
    return serving.metric("healthcloud_requests_total", route=PAGE, status="200")
