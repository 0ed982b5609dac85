"""Registration with matching: hospitals' records over HTTP, singly and in hundreds, half of persons known here."""

import secrets
from collections.abc import Iterator
from itertools import cycle, islice

import msgspec

from bench.city import BenchCity
from bench.index_files import IN_COMMON, command, known, records
from bench.row import Middle, Row
from bench.serving import Serving, cost, serve, settle, warm
from bench.wrk import Load, post, run_wrk
from healthcloud import access
from healthcloud_simulators.hospital_files import Row as FileRow
from healthcloud_simulators.hospital_files import files

PROMISE, PROMISE_P99 = 500, 50
PATH = "/api/v1/index/records"
ALONE, TOGETHER = 1, 100  # records a request
MOST_PER_SECOND = 1_500
SEED = 6_001


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Index who is there, then load so many times each way; medians."""
    with serve(city) as serving:
        command(city, "index")
        warm(city)
        rows = _rows(city, int(MOST_PER_SECOND * seconds * runs * 2))
        alone = [_load(serving, rows, ALONE, 2, seconds) for _ in range(runs)]
        together = [_load(serving, rows, TOGETHER, 4, seconds) for _ in range(runs)]
    return [
        _row(city, "registration with matching, one record a request", alone, ALONE, seconds),
        _row(city, "registration with matching, 100 records a request", together, TOGETHER, seconds),
    ]


def _row(city: BenchCity, name: str, counted: list[tuple[Load, int, str]], each: int, seconds: float) -> Row:
    middle = Middle.of([load for load, _, _ in counted])
    asked, kept = sum(load.answered for load, _, _ in counted) * each, sum(kept for _, kept, _ in counted)
    refused = sum(load.refused for load, _, _ in counted)
    fits = middle.p99 < PROMISE_P99 if each == ALONE else middle.per_second * each >= PROMISE
    return Row(
        name=name,
        promise=f"p99 < {PROMISE_P99} ms" if each == ALONE else f"≥ {PROMISE}/s",
        found=middle.said("records", each),
        kept=fits and not refused,
        data=f"{city.persons:,} persons indexed, half of the records of some of them, {len(counted)} × {seconds:.0f} s",
        command="python -m bench index_register",
        p50=middle.p50,
        p95=middle.p95,
        p99=middle.p99,
        beside="E-PIX 8.9/s at 1 million, 1.4/s at 10 million",
        checked=f"{kept:,} records for {asked:,} answered; {refused} requests refused; {counted[-1][2]}",
    )


def _load(
    serving: Serving, rows: Iterator[FileRow], each: int, connections: int, seconds: float
) -> tuple[Load, int, str]:
    city = serving.city
    wanted = int(MOST_PER_SECOND * seconds) // each
    requests = [_request(city, list(islice(rows, each)), client) for client in islice(cycle(range(20)), wanted)]
    before, cpu = sum(records(city)), serving.cpu()
    load = run_wrk(serving.url, requests, connections=connections, seconds=seconds)
    spent = serving.cpu()
    settle()
    return load, sum(records(city)) - before, cost(cpu, spent, load.answered)


def _request(city: BenchCity, rows: list[FileRow], place: int) -> bytes:
    client = city.clients[place % len(city.clients)]
    body = msgspec.json.encode({"records": [_wish(row) for row in rows]})
    signed = access.sign_request(client.key_id, client.secret, "POST", PATH, body)
    return post(PATH, body, {"Authorization": signed, "Idempotency-Key": secrets.token_hex(16)})


def _wish(row: FileRow) -> dict[str, str]:
    written = row.written
    said = {
        "name": written.name,
        "sex": written.sex,
        "birth_date": written.birth_date,
        "document_number": written.number,
        "phone": written.phone,
        "address": written.address,
    }
    return {"number": f"{secrets.token_hex(4)}-{row.local_number}"} | {
        name: text for name, text in said.items() if text
    }


def _rows(city: BenchCity, wanted: int) -> Iterator[FileRow]:
    [place] = city.take("index worlds", 1)
    share = min(city.persons, int(wanted * IN_COMMON))
    made = files(SEED + place, wanted, 0, known(share))
    return cycle(made.rows)
