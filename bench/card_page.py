"""
The card page: residents who are signed in open their card, each with an account and a session of their own.

An opening is what a browser does that had the page before: it asks for the page by its ETag and is told 304, and asks
for what the page shows. A code is renewed by the second alone.
"""

import urllib.request

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Middle, Row
from bench.serving import Serving, cost, serve, settle, warm
from bench.signed_in import sign_in
from bench.wrk import Load, get, run_wrk

PROMISE = 1_500
PAGE, TOLD = "/card", "/card/now"
ASKED_EACH = 2  # requests of an opening
RESIDENTS = 500
CONNECTIONS = 64
MOST_PER_SECOND = 12_000
WARM_UP_SECONDS = 2.0
# What is told of a card that can be shown, and of no other: the code to be scanned.
SHOWS = b'"refresh_at"'


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load until the time is over, so many times; medians."""
    with serve(city) as serving:
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        cookies = sign_in(city, min(RESIDENTS, city.persons))
        etag, size = _shown(serving, cookies[-1])
        _load(serving, cookies, etag, WARM_UP_SECONDS)
        before = _counted(serving)
        loads = [_load(serving, cookies, etag, seconds) for _ in range(runs)]
        told = int(_counted(serving) - before)
    middle = Middle.of([load for load, _ in loads])
    answers, refused = sum(load.answered for load, _ in loads), sum(load.refused for load, _ in loads)
    fits = not refused and abs(ASKED_EACH * told - answers) <= 2 * runs * CONNECTIONS
    return [
        Row(
            name="card page",
            promise=f"≥ {PROMISE:,}/s",
            found=middle.said("openings", 1 / ASKED_EACH),
            kept=middle.per_second / ASKED_EACH >= PROMISE and fits,
            data=f"{len(cookies):,} residents signed in of {city.persons:,}, {CONNECTIONS} connections, "
            f"{runs} × {seconds:.0f} s; an opening: GET {PAGE} (304) and {TOLD} ({size:,} bytes)",
            command="python -m bench card_page",
            p50=middle.p50,
            p95=middle.p95,
            p99=middle.p99,
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{told:,} cards told of in {answers:,} answers; {refused} refused; {loads[-1][1]}",
        )
    ]


def _load(serving: Serving, cookies: list[str], etag: str, seconds: float) -> tuple[Load, str]:
    asked = [
        request
        for cookie in cookies
        for request in (get(PAGE, {"Cookie": cookie, "If-None-Match": etag}), get(TOLD, {"Cookie": cookie}))
    ]
    requests = asked * (int(MOST_PER_SECOND * seconds) // len(asked) + 1)
    cpu = serving.cpu()
    load = run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds)
    return load, cost(cpu, serving.cpu(), load.answered // ASKED_EACH)


def _shown(serving: Serving, cookie: str) -> tuple[str, int]:
    """Open the card once, as a check that it is one; return the page's ETag, and the bytes of what it is told."""
    etag = ""
    for path in (PAGE, TOLD):
        asked = urllib.request.Request(f"{serving.url}{path}", headers={"Cookie": cookie})  # noqa: S310 - our own address
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address
            text: bytes = answer.read()
            etag = etag or answer.headers["ETag"]
        if answer.url != f"{serving.url}{path}":
            message = f"{answer.url} shows no card"
            raise LookupError(message)
    if SHOWS not in text:
        message = "no code is told"
        raise LookupError(message)
    return etag, len(text)


def _counted(serving: Serving) -> float:
    settle()
    return serving.metric("healthcloud_requests_total", route=TOLD, status="200")
