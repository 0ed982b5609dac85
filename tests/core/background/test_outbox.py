"""An announced event reaches each reaction exactly once in effect, and only if its transaction committed."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest
from core.background.effects import Effects, Write

from healthcloud.core.background import NoReaction, Reaction, Runner, Wiring, background_state
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict
from healthcloud.core.events import Event
from healthcloud.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """A door was opened."""

    kind: ClassVar[str] = "doors.opened"
    door_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """A door was closed."""

    kind: ClassVar[str] = "doors.closed"
    door_id: UUID


OPENED = Opened(new_id(), datetime(2026, 11, 30, 15, 59, 59, 123456, UTC))


async def test_each_reaction_gets_the_event_as_it_was_announced(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def ring(tx: Transaction, event: Opened) -> None:
        await write(tx, f"rang {event == OPENED}")

    async def light(tx: Transaction, event: Opened) -> None:
        await write(tx, f"lit {event == OPENED}")

    wiring = Wiring(reactions=(Reaction(Opened, f"{about}-ring", ring), Reaction(Opened, f"{about}-light", light)))
    await database.transact(lambda tx: tx.announce(OPENED))
    await Runner(database, wiring).settle()
    assert await effects(about) == ["lit True", "rang True"]
    assert await Runner(database, wiring).settle() == 0


async def test_what_is_rolled_back_was_never_announced(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def ring(tx: Transaction, _: Opened) -> None:
        await write(tx, "rang")

    async def refused(tx: Transaction) -> None:
        await tx.announce(OPENED)
        raise Conflict

    with pytest.raises(Conflict):
        await database.transact(refused)
    await Runner(database, Wiring(reactions=(Reaction(Opened, about, ring),))).settle()
    assert await effects(about) == []


async def test_an_event_nobody_reacts_to_is_removed(database: Database) -> None:
    await database.transact(lambda tx: tx.announce(Closed(new_id())))
    assert await Runner(database, Wiring(no_reactions=(NoReaction(Closed, "nobody minds"),))).settle() == 1
    async with database.read() as read:
        assert (await background_state(read)).outbox == []


async def test_a_relay_passes_over_what_another_is_busy_with(
    database: Database, write: Write, effects: Effects, about: str, owner_url: str
) -> None:
    async def ring(tx: Transaction, _: Opened) -> None:
        await write(tx, "rang")

    await database.transact(lambda tx: tx.announce_many([OPENED] * 3))
    other = await asyncpg.connect(owner_url)
    async with other.transaction():
        await other.execute("SELECT FROM core.outbox LIMIT 2 FOR UPDATE")
        async with asyncio.timeout(5):
            await Runner(database, Wiring(reactions=(Reaction(Opened, about, ring),))).settle()
        assert await effects(about) == ["rang"]
    await other.close()
    await Runner(database, Wiring(reactions=(Reaction(Opened, about, ring),))).settle()
    assert await effects(about) == ["rang"] * 3


async def test_an_event_this_version_does_not_know_is_left_for_a_newer_one(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def ring(tx: Transaction, _: Opened) -> None:
        await write(tx, "rang")

    await database.transact(lambda tx: tx.announce(OPENED))
    assert await Runner(database, Wiring()).settle() == 0
    async with database.read() as read:
        [state] = (await background_state(read)).outbox
    assert (state.queue, state.waiting) == ("doors.opened", 1)
    await Runner(database, Wiring(reactions=(Reaction(Opened, about, ring),))).settle()
    assert await effects(about) == ["rang"]


async def test_a_reaction_that_fails_does_not_hold_up_the_others(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def break_down(_: Transaction, __: Opened) -> None:
        raise Conflict

    async def ring(tx: Transaction, _: Opened) -> None:
        await write(tx, "rang")

    wiring = Wiring(reactions=(Reaction(Opened, f"{about}-1", break_down), Reaction(Opened, f"{about}-2", ring)))
    await database.transact(lambda tx: tx.announce_many([OPENED, OPENED]))
    await Runner(database, wiring).settle()
    assert await effects(about) == ["rang", "rang"]
