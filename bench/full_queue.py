"""A full queue: more machines ask than can be served; who is turned away hears it at once, and soon all is well."""

import asyncio
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from bench.city import HOST, BenchCity
from bench.row import Row
from bench.scans import Scans, scans_of
from bench.serving import Serving, serve
from bench.wrk import Load, run_wrk

PROMISE_MS, WELL_AGAIN_SECONDS = 50.0, 10.0
CONNECTIONS = 6_000
PROBES, PAUSE = 32, 0.05
CALM = 20
MOST_PER_SECOND, WARM_UP, ASIDE = 20_000, 10_000, 8_000
SETTINGS: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Probe:
    """One request from aside: when it was sent, its status, how long its answer took in ms, and its Retry-After."""

    at: float
    status: int
    ms: float
    retry_after: float | None


def measure(city: BenchCity, seconds: float) -> list[Row]:
    """Flood, and ask from aside meanwhile and afterwards."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, hard), hard))
    with serve(city, **SETTINGS) as serving:
        scans = scans_of(city)
        run_wrk(serving.url, scans.singles(min(WARM_UP, city.persons // 4)), connections=128, seconds=2)
        load, ended, probes = asyncio.run(_flood(serving, scans, seconds))
    during = sorted(probe.ms for probe in probes if probe.status == 503 and probe.at < ended)
    turned_away = [probe for probe in probes if probe.status == 503]
    well = _well_again(probes, ended)
    at = {share: during[int(share * (len(during) - 1))] for share in (0.5, 0.95, 0.99)} if during else {}
    kept = bool(during) and at[0.99] < PROMISE_MS and well is not None and well < WELL_AGAIN_SECONDS
    return [
        Row(
            name="full queue",
            promise=f"503 within {PROMISE_MS:.0f} ms, well again within {WELL_AGAIN_SECONDS:.0f} s",
            found=f"503 after {at[0.5]:.0f} ms; well again after {well:.1f} s" if at and well is not None else "no 503",
            kept=kept and all(probe.retry_after for probe in turned_away),
            data=f"{city.persons:,} persons, {CONNECTIONS:,} connections, queues as set by default",
            command="python -m bench full_queue",
            p50=at.get(0.5),
            p95=at.get(0.95),
            p99=at.get(0.99),
            checked=f"{load.answered / load.seconds:,.0f}/s answered and {load.refused / load.seconds:,.0f}/s refused "
            f"meanwhile; {len(turned_away)} of {len(probes)} probes refused, each with Retry-After",
        )
    ]


async def _flood(serving: Serving, scans: Scans, seconds: float) -> tuple[Load, float, list[Probe]]:
    city = serving.city
    asked = iter(scans.singles(min(int(MOST_PER_SECOND * seconds) + ASIDE, city.persons - WARM_UP)))
    aside = list(islice(asked, ASIDE))
    flood = list(asked)
    probes: list[Probe] = []
    shares = [aside[place::PROBES] for place in range(PROBES)]
    probing = [asyncio.create_task(_probe(city.port, share, probes)) for share in shares]
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        load = await loop.run_in_executor(
            pool, lambda: run_wrk(serving.url, flood, connections=CONNECTIONS, seconds=seconds)
        )
    ended = time.monotonic()
    while _well_again(probes, ended) is None:
        if time.monotonic() > ended + 2 * WELL_AGAIN_SECONDS:
            break
        await asyncio.sleep(PAUSE)
    for task in probing:
        task.cancel()
    await asyncio.gather(*probing, return_exceptions=True)
    return load, ended, probes


async def _probe(port: int, requests: list[bytes], probes: list[Probe]) -> None:
    """Send these one after the other over a connection of its own, and wait as told: the flood does not."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for request in requests:
            sent = time.monotonic()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            told = next((float(line[12:]) for line in lines if line.startswith(b"retry-after:")), None)
            probes.append(Probe(sent, int(head.split()[1]), (time.monotonic() - sent) * 1000, told))
            await asyncio.sleep(PAUSE if told is None else told)
    finally:
        writer.close()


def _well_again(probes: list[Probe], ended: float) -> float | None:
    """Return how long after the flood so many probes in a row were answered 200 in time; None if they were not."""
    after = sorted((probe for probe in probes if probe.at >= ended), key=lambda probe: probe.at)
    well: list[Probe] = []
    for probe in after:
        well = [*well, probe] if probe.status == 200 and probe.ms < PROMISE_MS else []
        if len(well) == CALM:
            return max(well[0].at - ended, 0.0)
    return None
