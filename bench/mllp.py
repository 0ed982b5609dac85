"""HL7 over MLLP: an ordinary hour of 40 hospitals, each message acknowledged before its connection sends the next."""

import asyncio
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from bench.city import HOST, BenchCity
from bench.pgbench import run_pgbench
from bench.residents import name_of, number_of
from bench.row import Row
from bench.serving import Serving, cost, serve, settle, warm
from healthcloud import access, institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.server.composition import open_city

PROMISE = 2_000
CONNECTIONS = 128
PATIENTS = 4_000
SCOPES = ("exchange.hl7", "exchange.deliver", "index.submit")
END = b"\x1c\r"
TIME = "20261123083000"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a load came to: how many were acknowledged AA, how many otherwise, in how long, and the waits."""

    done: int
    refused: int
    seconds: float
    waits: tuple[float, ...]

    def wait(self, share: float) -> float:
        """Return how long this share of them waited at most, in milliseconds."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))] * 1000


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Register the patients, then send visits and results of them, and messages of new ones; rows are counted."""
    port = _free_port()
    with serve(city, mllp_port=port) as serving:
        numbers = asyncio.run(_admitted(city))
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        persons = list(city.take("persons", PATIENTS))
        asyncio.run(_load(port, _arrivals(numbers, persons), 600))
        _placed(city)
        settle()
        usual = [_measured(serving, port, _hour(numbers, persons, at), seconds) for at in range(runs)]
        fresh = list(city.take("persons", int(PROMISE * seconds)))
        first = _measured(serving, port, _arrivals(numbers, fresh), seconds)
    data = f"{city.persons:,} persons, {PATIENTS:,} patients, {CONNECTIONS} connections, {runs} × {seconds:.0f} s"
    beside = f"pgbench {yardstick.per_second:,.0f}/s"
    return [
        _row("HL7: visits and results of known patients", f"≥ {PROMISE:,}/s", usual, data, beside),
        _row("HL7: patients never heard of", "for comparison", [first], data, beside),
    ]


def _row(name: str, promise: str, found: Sequence[tuple[Sent, int, str]], data: str, beside: str) -> Row:
    rates = sorted(sent.done / sent.seconds for sent, _, _ in found)
    done, kept = sum(sent.done for sent, _, _ in found), sum(kept for _, kept, _ in found)
    refused, middle = sum(sent.refused for sent, _, _ in found), rates[len(rates) // 2]
    whole = 0 <= kept - done <= len(found) * CONNECTIONS and not refused
    first = found[0][0]
    return Row(
        name=name,
        promise=promise,
        found=f"{middle:,.0f} messages/s ({rates[0]:,.0f}–{rates[-1]:,.0f})",
        kept=whole and (middle >= PROMISE or promise == "for comparison"),
        data=data,
        command="python -m bench mllp",
        p50=first.wait(0.5),
        p95=first.wait(0.95),
        p99=first.wait(0.99),
        beside=beside,
        checked=f"{kept:,} carried out for {done:,} acknowledged; {refused} refused; {found[-1][2]}; the load beside",
    )


def _measured(serving: Serving, port: int, messages: Iterator[bytes], seconds: float) -> tuple[Sent, int, str]:
    before, cpu = _carried_out(serving.city), serving.cpu()
    sent = asyncio.run(_load(port, messages, seconds))
    spent = serving.cpu()
    settle()
    return sent, _carried_out(serving.city) - before, cost(cpu, spent, sent.done)


async def _admitted(city: BenchCity) -> list[str]:
    """Give each bench hospital a program that speaks HL7 from this machine; return the hospitals' numbers."""
    async with open_city(city.settings, name="bench") as opened:
        found = []
        for one in city.clients:
            async with opened.database.read() as read:
                numbers = await institutions.numbers_of(read, one.institution_id)
            await opened.database.transact(
                lambda tx, one=one: access.create_client(  # type: ignore[misc]  # bound at once
                    tx, SYSTEM, one.institution_id, "HIS", SCOPES, quota_per_second=10_000, addresses=(HOST,)
                )
            )
            found.append(numbers[0].number)
        return found


def _arrivals(numbers: list[str], persons: Sequence[int]) -> Iterator[bytes]:
    return (_adt("A28", f"A{n}", numbers[n % len(numbers)], n) for n in persons)


def _hour(numbers: list[str], persons: Sequence[int], run: int) -> Iterator[bytes]:
    """Yield registrations, results and ends of visits, each of another patient than the one before."""
    for at in count():
        n = persons[at % len(persons)]
        facility, visit = numbers[n % len(numbers)], f"V{run}-{at // 3}"
        if at % 3 == 1:
            yield _oru(f"R{run}-{at}", facility, n)
        else:
            yield _adt("A04" if at % 3 == 0 else "A03", f"M{run}-{at}", facility, n, f"{visit}-{n}")


def _adt(event: str, control: str, facility: str, n: int, visit: str = "") -> bytes:
    pv1 = f"PV1|1|O|NK01^^^^^^^^内科||||D1^李^医生||||||||||||{visit}" if visit else ""
    text = (
        f"MSH|^~\\&|HIS|{facility}|HC|CITY|{TIME}||ADT^{event}|{control}|P|2.4||||||UNICODE UTF-8\rEVN|{event}|{TIME}\r"
        f"PID|1||{_patient(n)}||{name_of(n)}|||||光明路{n % 500}号\r{pv1}\r"
    )
    return b"\x0b" + text.encode() + END


def _oru(control: str, facility: str, n: int) -> bytes:
    text = (
        f"MSH|^~\\&|LIS|{facility}|HC|CITY|{TIME}||ORU^R01|{control}|P|2.4||||||UNICODE UTF-8\r"
        f"PID|1||{_patient(n)}||{name_of(n)}\rOBR|1||{control}|GLU^血糖\rOBX|1|NM|GLU^血糖||5.1|mmol/L|||||F\r"
    )
    return b"\x0b" + text.encode() + END


def _patient(n: int) -> str:
    return f"P{n}^^^HIS^PI~{number_of(n)}^^^^NI"


async def _load(port: int, messages: Iterator[bytes], seconds: float) -> Sent:
    """Send over all connections until the time is over or nothing is left."""
    done, refused = 0, 0
    waits: list[float] = []
    began = time.perf_counter()

    async def one() -> None:
        nonlocal done, refused
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.perf_counter() - began < seconds and (some := list(islice(messages, 1))):
            at = time.perf_counter()
            writer.write(some[0])
            answer = await reader.readuntil(END)
            waits.append(time.perf_counter() - at)
            is_done = b"MSA|AA|" in answer
            done, refused = done + is_done, refused + (not is_done)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return Sent(done, refused, time.perf_counter() - began, tuple(waits))


def _placed(city: BenchCity) -> None:
    """Wait until every record is with its person, or asked about: else that work would be counted to what follows."""
    while city.ask("SELECT count(*) FROM index.records WHERE state = 'waiting'")[0][0]:
        time.sleep(0.5)


def _carried_out(city: BenchCity) -> int:
    return int(city.ask("SELECT count(*) FROM exchange.carried_out")[0][0])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])
