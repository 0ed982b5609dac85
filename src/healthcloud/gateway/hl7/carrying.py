"""
Carrying messages out: those of many connections together, in one transaction, each once.

A message is acknowledged when what it says is committed: the record as received, the visit, or the message itself.
Whose the record is, is found right after, as for every record (decision 0058); a worker that ends before leaves it to
the index's sweep.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import structlog

from healthcloud import encounters, exchange, index, institutions, people
from healthcloud.core import metrics
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.settings import Settings
from healthcloud.gateway.hl7.acknowledging import ack, code_of
from healthcloud.gateway.hl7.placing import Placing
from healthcloud.gateway.hl7.reading import UTF_8, Message, Segment, header_of, read_message
from healthcloud.gateway.hl7.senders import Connection, Senders
from healthcloud.gateway.hl7.translating import Deed, deed_of, patient_key
from healthcloud.gateway.serving import Evidence, Exchanged

FACE = "hl7"
MOST_AT_ONCE = 250
DELIVER, SUBMIT = "exchange.deliver", "index.submit"
KEPT_TEXT = "已收到并保存，待相应功能启用后处理 (kept until the feature it is for takes it over)"
DONE_TEXT = "已处理 (carried out)"
AGAIN_TEXT = "此前已处理，没有重复 (carried out before, nothing was done twice)"

MESSAGES = metrics.counter("healthcloud_hl7_messages", "HL7 messages answered, by type and MSA-1.", "kind", "answer")
_log = structlog.get_logger("healthcloud.hl7")


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A message of somebody who is believed."""

    caller: Caller
    institution_id: UUID
    message: Message
    key: tuple[str, str]

    @property
    def carried(self) -> exchange.held.CarriedOut:
        """How it is known should it come again."""
        return exchange.held.CarriedOut(self.institution_id, self.message.control_id, self.message.text.encode())


class Carrier:
    """Carries out what comes over the connections of one process."""

    def __init__(self, database: Database, settings: Settings, evidence: Evidence | None = None) -> None:
        self._database = database
        self._senders = Senders(database, settings.workers)
        self._evidence = evidence
        self._placing = Placing(database, people.Policy.of(settings))
        self._gatherer: Gatherer[_Arrival, Problem | str] = Gatherer(
            self._run,
            key=lambda arrival: arrival.key,
            limit_queue=settings.hot_queue,
            limit_batch=MOST_AT_ONCE,
            limit_client=settings.hot_client_quota,
            time_limit=settings.mllp_seconds,
        )

    async def close(self) -> None:
        """Carry out what has come, and end."""
        await self._gatherer.close()
        await self._placing.close()

    async def answer(self, data: bytes, connection: Connection) -> bytes:
        """Carry a message out and return its ACK, whatever it is."""
        caller: Caller | None = None
        header: Segment | None = None
        charset, kind, text = UTF_8, "unreadable", ""
        problem: Problem | None = None
        try:
            message = read_message(data)
            header, charset, kind = message.header, message.charset, message.kind[:32]
            caller = await self._senders.caller(message.facility, connection)
            text = await self._carried(message, caller)
        except Problem as found:
            problem = found
        except Exception as error:  # noqa: BLE001 - whatever it is, there is an ACK
            _log.error("hl7 message failed", kind=kind, error=type(error).__name__, exc_info=error)
            problem = Problem()
        now = self._database.clock.now()
        answered = ack(header or header_of(data), now, problem=problem, text=text, charset=charset)
        # What nobody vouches for may name any kind there is: one line for all of those.
        MESSAGES.labels(kind if caller is not None else "unknown", code_of(problem)).inc()
        if caller is not None and self._evidence is not None and header is not None:
            outcome = "ok" if problem is None else problem.code
            exchanged = Exchanged(FACE, kind, caller, header.get(10), now, data, answered, outcome)
            await self._evidence.keep(exchanged)
        return answered

    def refuse(self, data: bytes, problem: Problem) -> bytes:
        """Return the ACK of what is not even tried."""
        MESSAGES.labels("unknown", code_of(problem)).inc()
        return ack(header_of(data), self._database.clock.now(), problem=problem)

    async def _carried(self, message: Message, caller: Caller) -> str:
        caller.must(DELIVER)
        institution_id = caller.institution_id
        if institution_id is None:  # a client is always an institution's
            raise Problem
        key = institution_id.hex, patient_key(message)
        found = await self._gatherer.ask(_Arrival(caller, institution_id, message, key), caller.account_id)
        if isinstance(found, Problem):
            raise found
        return found

    async def _run(self, arrivals: Sequence[_Arrival]) -> list[Problem | str]:
        done = await self._database.transact(partial(_carry_out, arrivals=arrivals))
        self._placing.add(done.to_place)
        return [done.answers[at] for at in range(len(arrivals))]


class _Done:
    """What has become of a batch so far; answers by place."""

    def __init__(self) -> None:
        self.answers: dict[int, Problem | str] = {}
        self.to_place: list[UUID] = []


async def _carry_out(tx: Transaction, arrivals: Sequence[_Arrival]) -> _Done:
    """Carry messages out in one transaction; each stands or falls alone."""
    done = _Done()
    known = await exchange.held.known(tx, [one.carried for one in arrivals])
    deeds: dict[int, Deed] = {}
    for at, arrival in enumerate(arrivals):
        if known[at]:
            done.answers[at] = AGAIN_TEXT
            continue
        try:
            deeds[at] = await _deed(tx, arrival)
        except Problem as problem:
            done.answers[at] = problem
    await _receive(tx, arrivals, deeds, done)
    await _record(tx, arrivals, deeds, done)
    for at, deed in deeds.items():
        if at not in done.answers and deed.joined is not None and deed.record is not None:
            await index.join_numbers(tx, arrivals[at].caller, deed.record.number, deed.joined)
    await _note(tx, arrivals, deeds, done)
    return done


async def _deed(tx: Transaction, arrival: _Arrival) -> Deed:
    dictionary = await institutions.dictionaries.dictionary_of(tx, arrival.institution_id)

    def ours(name: str, value: str) -> str | None:
        found = dictionary.ours(name, value)
        return found.code if found.is_known else None

    return deed_of(arrival.message, ours)


async def _receive(tx: Transaction, arrivals: Sequence[_Arrival], deeds: dict[int, Deed], done: _Done) -> None:
    """Hand records in, institution by institution."""
    for caller, places in _by_caller(arrivals, [at for at, deed in deeds.items() if deed.record is not None]):
        items = [record for at in places if (record := deeds[at].record) is not None]
        for at, one in zip(places, await index.receive(tx, caller, items), strict=True):
            if one.problem is not None:
                done.answers[at] = one.problem
            elif one.fresh and one.record_id is not None:
                done.to_place.append(one.record_id)


async def _record(tx: Transaction, arrivals: Sequence[_Arrival], deeds: dict[int, Deed], done: _Done) -> None:
    """Write visits of those whose record was taken; what can be wrong with one was looked at before."""
    wanted = [at for at, deed in deeds.items() if deed.visit is not None and at not in done.answers]
    for caller, places in _by_caller(arrivals, wanted):
        items = [visit for at in places if (visit := deeds[at].visit) is not None]
        for one in await encounters.record(tx, caller, items):
            if one.problem is not None:
                raise one.problem


async def _note(tx: Transaction, arrivals: Sequence[_Arrival], deeds: dict[int, Deed], done: _Done) -> None:
    """Note what was carried out, and keep what waits for its feature, with whom it is about."""
    carried = [at for at in deeds if at not in done.answers]
    owners: dict[tuple[UUID, str], UUID] = {}
    asked: dict[UUID, set[str]] = defaultdict(set)
    for at in carried:
        deed = deeds[at]
        if deed.held is not None and deed.patient_number is not None:
            asked[arrivals[at].institution_id].add(deed.patient_number)
    for institution_id, numbers in asked.items():
        found = await people.patient_numbers.owners_of_numbers(tx, institution_id, numbers)
        owners |= {(institution_id, number): owner for number, owner in found.items()}
    kept = [
        (arrivals[at].caller, _held(arrivals[at], deeds[at], kind, owners))
        for at in carried
        if (kind := deeds[at].held) is not None
    ]
    await exchange.held.note(tx, [arrivals[at].carried for at in carried], kept)
    for at in carried:
        done.answers[at] = KEPT_TEXT if deeds[at].held is not None else DONE_TEXT


def _held(arrival: _Arrival, deed: Deed, kind: str, owners: dict[tuple[UUID, str], UUID]) -> exchange.held.HeldIn:
    return exchange.held.HeldIn(
        arrival.institution_id,
        FACE,
        kind[:32],
        arrival.message.control_id,
        arrival.message.text.encode(),
        deed.patient_number,
        owners.get((arrival.institution_id, deed.patient_number or "")),
        deed.told_at,
    )


def _by_caller(arrivals: Sequence[_Arrival], places: Sequence[int]) -> list[tuple[Caller, list[int]]]:
    """Return places by who sent them, in one order for everybody."""
    found: dict[UUID, tuple[Caller, list[int]]] = {}
    for at in places:
        caller = arrivals[at].caller
        found.setdefault(caller.account_id, (caller, []))[1].append(at)
    return [found[one] for one in sorted(found)]
