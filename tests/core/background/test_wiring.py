"""What does not fit together is found before anything is served."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from healthcloud.core.background import (
    Body,
    JobKind,
    NoReaction,
    Reaction,
    Recurring,
    Sole,
    Wiring,
    WiringFault,
    announced_events,
)
from healthcloud.core.db import Database, Transaction
from healthcloud.core.events import Event
from healthcloud.core.leases import Lease


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """A bell rang."""

    kind: ClassVar[str] = "bells.rang"


@dataclass(frozen=True, slots=True)
class RangToo(Event):
    """Another bell rang, under the same name by mistake."""

    kind: ClassVar[str] = "bells.rang"


async def react(_: Transaction, __: Event) -> None: ...


async def work(_: Transaction, __: Body) -> None: ...


async def work_outside(_: Database, __: Body) -> None: ...


async def step(_: Database, __: Lease) -> int:
    return 0


REACTION = Reaction(Rang, "listen", react)
SECOND = timedelta(seconds=1)


def test_what_fits_is_accepted() -> None:
    Wiring(reactions=(REACTION,), jobs=(JobKind("dig", work),), soles=(Sole("dig", SECOND, step),)).check([Rang])
    Wiring(no_reactions=(NoReaction(Rang, "only the log counts it"),)).check([Rang])


@pytest.mark.parametrize(
    ("wiring", "events", "told"),
    [
        (Wiring(), [Rang], "bells.rang has neither a reaction nor a reason for none"),
        (Wiring(no_reactions=(NoReaction(Rang, " "),)), [Rang], "bells.rang: a reason is missing"),
        (Wiring((REACTION,), (NoReaction(Rang, "x"),)), [Rang], "bells.rang has both a reaction and a reason for none"),
        (Wiring((REACTION, REACTION)), [Rang], "listen is used twice"),
        (Wiring((REACTION,), jobs=(JobKind("listen", work),)), [Rang], "listen is used twice"),
        (Wiring(jobs=(JobKind("dig", work),), recurring=(Recurring("dig", SECOND, work),)), [], "dig is used twice"),
        (Wiring(soles=(Sole("dig", SECOND, step), Sole("dig", SECOND, step))), [], "dig is used twice"),
        (Wiring((REACTION,)), [Rang, RangToo], "bells.rang is the kind of two events"),
    ],
)
def test_what_does_not_fit_is_told(wiring: Wiring, events: list[type[Event]], told: str) -> None:
    with pytest.raises(WiringFault, match=told):
        wiring.check(events)


def test_a_kind_has_one_handler() -> None:
    with pytest.raises(WiringFault):
        JobKind("dig")
    with pytest.raises(WiringFault):
        JobKind("dig", work, work_outside)


def test_nothing_recurs_more_often_than_the_scheduler_looks() -> None:
    with pytest.raises(WiringFault):
        Recurring("dig", timedelta(milliseconds=999), work)


def test_events_are_found_by_their_package_and_once_each() -> None:
    found = announced_events(Rang.__module__.partition(".")[0])
    assert [event for event in found if event in (Rang, RangToo)] == [Rang, RangToo]
    assert Rang not in announced_events()
    assert len({(event.__module__, event.__qualname__) for event in found}) == len(found)
