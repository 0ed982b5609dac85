"""
What features hand to `server/wiring.py`: who reacts to which event, which jobs there are, what recurs.

A handler that takes a Transaction is exactly once in effect: its writes commit with its job's removal. One that takes
the Database may talk to the outside world and runs at least once: it must stand being repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from healthcloud.core.background.errors import WiringFault
from healthcloud.core.background.model import Body, Priority, Progress
from healthcloud.core.db import Database, Transaction
from healthcloud.core.events import Event
from healthcloud.core.leases import Lease

EventT = TypeVar("EventT", bound=Event)
Item = TypeVar("Item")

Handler: TypeAlias = Callable[[Transaction, Body], Awaitable[Progress | None]]
TogetherHandler: TypeAlias = Callable[[Transaction, Sequence[Body]], Awaitable[None]]
OutsideHandler: TypeAlias = Callable[[Database, Body], Awaitable[Progress | None]]

SHORTEST_RECURRENCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class JobKind:
    """
    How jobs of one kind are handled: by `handler` or `together` in a transaction, or by `outside`; by one of the three.

    `batch` are taken at once: one after the other or together in one transaction, or side by side outside; what fails
    together is tried again one by one. After `max_attempts` a job is dead. `time_limit` bounds one attempt; outside, a
    job whose process died returns after twice that.
    """

    kind: str
    handler: Handler | None = None
    outside: OutsideHandler | None = None
    batch: int = 10
    max_attempts: int = 12
    first_retry: timedelta = timedelta(seconds=2)
    time_limit: timedelta = timedelta(seconds=60)
    together: TogetherHandler | None = None

    def __post_init__(self) -> None:
        """Refuse a kind with no handler, or with two."""
        if [self.handler, self.outside, self.together].count(None) != 2:  # noqa: PLR2004 - one of the three
            raise WiringFault(f"{self.kind} needs a handler, one for many together or an outside one: one of the three")

    async def carry_out(self, tx: Transaction, bodies: Sequence[Body]) -> list[Progress | None]:
        """Do jobs of this kind within a transaction; return how far each is, None where it is done."""
        if self.together is not None:
            if bodies:
                async with asyncio.timeout(self.time_limit.total_seconds()):
                    await self.together(tx, bodies)
            return [None] * len(bodies)
        return [await self._carry_out_one(tx, body) for body in bodies]

    async def _carry_out_one(self, tx: Transaction, body: Body) -> Progress | None:
        if self.handler is None:
            raise WiringFault(f"{self.kind} is done outside transactions")
        async with asyncio.timeout(self.time_limit.total_seconds()):
            return await self.handler(tx, body)


@dataclass(frozen=True, slots=True)
class Reaction(Generic[EventT]):
    """
    What `handler` does when events of this type have been committed; `name` is the kind of its jobs.

    It gets one event; `together` gets up to `batch` of them, in any order, each once.
    """

    event_type: type[EventT]
    name: str
    handler: Callable[[Transaction, EventT], Awaitable[None]] | None = None
    together: Callable[[Transaction, Sequence[EventT]], Awaitable[None]] | None = None
    priority: Priority = Priority.NORMAL
    batch: int = 10
    max_attempts: int = 12

    def job_kind(self) -> JobKind:
        """Return the kind of job that carries this reaction."""
        return JobKind(
            self.name,
            self._react if self.handler else None,
            batch=self.batch,
            max_attempts=self.max_attempts,
            together=self._react_together if self.together else None,
        )

    async def _react(self, tx: Transaction, body: Body) -> None:
        if self.handler:
            await self.handler(tx, msgspec.convert(body, self.event_type))

    async def _react_together(self, tx: Transaction, bodies: Sequence[Body]) -> None:
        if self.together:
            await self.together(tx, [msgspec.convert(body, self.event_type) for body in bodies])


def in_portions(portion: Callable[[Transaction], Awaitable[int]]) -> Handler:
    """Return the handler that calls `portion`, which tells how much it did, again and again until it does nothing."""

    async def handle(tx: Transaction, body: Body) -> Progress | None:
        did = await portion(tx)
        done = int(body.get("done", 0)) + did
        return Progress({"done": done}, done) if did else None

    return handle


@dataclass(frozen=True, slots=True)
class NoReaction:
    """Nobody reacts to this event, and why that is right."""

    event_type: type[Event]
    reason: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job with an empty body, due `every` so often; a run missed is made up for once, and none runs beside itself."""

    name: str
    every: timedelta
    handler: Handler | None = None
    outside: OutsideHandler | None = None
    time_limit: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        """Refuse what the scheduler cannot keep."""
        if self.every < SHORTEST_RECURRENCE:
            raise WiringFault(f"{self.name} recurs more often than each second; make it a Sole")

    def job_kind(self) -> JobKind:
        """Return the kind of job that carries one run; the next run is soon enough for a retry after some tries."""
        return JobKind(self.name, self.handler, self.outside, batch=1, max_attempts=5, time_limit=self.time_limit)


@dataclass(frozen=True, slots=True)
class FollowerSpec(Generic[Item]):
    """
    A queue table followed by claiming its rows.

    `claim(tx, limit)` is the feature's store function: `DELETE … WHERE id = ANY(ARRAY(SELECT … ORDER BY … LIMIT $n FOR
    UPDATE SKIP LOCKED)) RETURNING …`. `handle` gets the rows in the same transaction and must not fail for a row's
    content: what may fail is a job.
    """

    name: str
    claim: Callable[[Transaction, int], Awaitable[list[Item]]]
    handle: Callable[[Transaction, list[Item]], Awaitable[None]]
    batch: int = 500


@dataclass(frozen=True, slots=True)
class Sole:
    """
    What exactly one machine does at a time, each `every` so often: `step` returns how much it did, 0 when nothing.

    Inside its transactions `step` calls `lease.guard(tx)`, unless a constraint keeps two from doing harm. What others
    come before `rests` after doing something, so many times as long as that took, five seconds at most.
    """

    name: str
    every: timedelta
    step: Callable[[Database, Lease], Awaitable[int]]
    rests: float = 0.0


@dataclass(frozen=True)
class Wiring:
    """Everything that happens behind the requests, on one page."""

    reactions: tuple[Reaction[Any], ...] = ()
    no_reactions: tuple[NoReaction, ...] = ()
    jobs: tuple[JobKind, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    followers: tuple[FollowerSpec[Any], ...] = ()
    soles: tuple[Sole, ...] = ()

    def kinds(self) -> dict[str, JobKind]:
        """Return every kind of job by name: jobs, reactions and recurring ones."""
        every = [*self.jobs, *(r.job_kind() for r in self.reactions), *(r.job_kind() for r in self.recurring)]
        return {kind.kind: kind for kind in every}

    def reactions_by_event(self) -> dict[str, tuple[Reaction[Any], ...]]:
        """Return who reacts to each kind of event; an empty tuple where a reason says nobody does."""
        events = [*(r.event_type.kind for r in self.reactions), *(n.event_type.kind for n in self.no_reactions)]
        return {kind: tuple(r for r in self.reactions if r.event_type.kind == kind) for kind in events}

    def check(self, events: Iterable[type[Event]]) -> None:
        """Raise WiringFault with every fault: an event nobody names, a name used twice, a reason not given."""
        faults = [*_double_names(self), *_unheard(self, events)]
        if faults:
            raise WiringFault("; ".join(faults))


def announced_events(package: str = "healthcloud") -> list[type[Event]]:
    """Return every event type of the imported features, for `Wiring.check`."""
    found: dict[str, type[Event]] = {}
    waiting = list(Event.__subclasses__())
    while waiting:
        event = waiting.pop()
        waiting += event.__subclasses__()
        name = f"{event.__module__}.{event.__qualname__}"
        # A dataclass with slots is made twice; the one without them is only a shadow of the same name.
        if event.__module__.partition(".")[0] == package and ("__slots__" in vars(event) or name not in found):
            found[name] = event
    return [found[name] for name in sorted(found)]


def _double_names(wiring: Wiring) -> list[str]:
    jobs = [kind.kind for kind in wiring.jobs]
    names = [*jobs, *(r.name for r in wiring.reactions), *(r.name for r in wiring.recurring)]
    loops = [*(f.name for f in wiring.followers), *(s.name for s in wiring.soles)]
    return [f"{name} is used twice" for group in (names, loops) for name in sorted(set(group)) if group.count(name) > 1]


def _unheard(wiring: Wiring, events: Iterable[type[Event]]) -> list[str]:
    faults = [f"{n.event_type.kind}: a reason is missing" for n in wiring.no_reactions if not n.reason.strip()]
    heard, silent = {r.event_type.kind for r in wiring.reactions}, {n.event_type.kind for n in wiring.no_reactions}
    faults += [f"{kind} has both a reaction and a reason for none" for kind in sorted(heard & silent)]
    by_kind: dict[str, type[Event]] = {}
    for event in events:
        if by_kind.setdefault(event.kind, event) is not event:
            faults.append(f"{event.kind} is the kind of two events")
        if event.kind not in heard | silent:
            faults.append(f"{event.kind} has neither a reaction nor a reason for none")
    return faults
