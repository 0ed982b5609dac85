"""Register: persons nobody knew, one request each with its own Idempotency-Key, from 40 hospitals' desks."""

import secrets
from itertools import cycle

import msgspec

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.residents import name_of, number_of, phone_of
from bench.row import Middle, Row
from bench.serving import Serving, cost, serve, settle, warm
from bench.wrk import Load, post, run_wrk
from healthcloud import access

PROMISE = 1_000
CONNECTIONS = 64
MOST_PER_SECOND = 5_000
PATH = "/api/v1/people"


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load until the time is over, so many times; medians."""
    with serve(city) as serving:
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        _load(serving, 2)
        counted = [_load(serving, seconds) for _ in range(runs)]
    middle = Middle.of([load for load, _, _ in counted])
    answers, persons = sum(load.answered for load, _, _ in counted), sum(persons for _, persons, _ in counted)
    refused = sum(load.refused for load, _, _ in counted)
    fits = 0 <= persons - answers <= runs * CONNECTIONS and not refused
    return [
        Row(
            name="register",
            promise=f"≥ {PROMISE:,}/s",
            found=middle.said("persons"),
            kept=middle.per_second >= PROMISE and fits,
            data=f"{city.persons:,} persons already there, {CONNECTIONS} connections, {runs} × {seconds:.0f} s, "
            "document seen by a clerk, no population registry set",
            command="python -m bench register",
            p50=middle.p50,
            p95=middle.p95,
            p99=middle.p99,
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{persons:,} new persons for {answers:,} answers; {refused} refused; {counted[-1][2]}",
        )
    ]


def _load(serving: Serving, seconds: float) -> tuple[Load, int, str]:
    city = serving.city
    requests = _requests(city, int(MOST_PER_SECOND * seconds))
    before, cpu = _persons(city), serving.cpu()
    load = run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds)
    spent = serving.cpu()
    settle()
    return load, _persons(city) - before, cost(cpu, spent, load.answered)


def _requests(city: BenchCity, wanted: int) -> list[bytes]:
    made = []
    for client, n in zip(cycle(city.clients), city.take("persons", wanted), strict=False):
        document = {"kind": "01", "number": number_of(n)}
        wish = {"name": name_of(n), "documents": [document], "phone": phone_of(n), "document_seen": True}
        body = msgspec.json.encode(wish)
        signed = access.sign_request(client.key_id, client.secret, "POST", PATH, body)
        made.append(post(PATH, body, {"Authorization": signed, "Idempotency-Key": secrets.token_hex(16)}))
    return made


def _persons(city: BenchCity) -> int:
    return int(city.ask("SELECT count(*) FROM people.persons")[0][0])
