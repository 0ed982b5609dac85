"""Jobs and events handled many at a time: in one go, and one by one where one of them fails."""

from collections.abc import Sequence

from core.background.effects import Effects, Write

from healthcloud.core.background import Body, JobKind, Runner, Wiring, enqueue_many, list_waiting
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict


async def test_many_are_handed_over_at_once(database: Database, write: Write, effects: Effects, about: str) -> None:
    calls: list[int] = []

    async def act(tx: Transaction, bodies: Sequence[Body]) -> None:
        calls.append(len(bodies))
        for body in bodies:
            await write(tx, body["n"])

    names = [f"{n:03}" for n in range(250)]
    await database.transact(lambda tx: enqueue_many(tx, about, [{"n": name} for name in names]))
    await Runner(database, Wiring(jobs=(JobKind(about, together=act, batch=100),))).settle()
    assert await effects(about) == names
    assert calls == [100, 100, 50]


async def test_what_fails_together_is_tried_one_by_one(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def act(tx: Transaction, bodies: Sequence[Body]) -> None:
        for body in bodies:
            await write(tx, f"done {body['n']}")
            if body["n"] == 3:
                raise Conflict

    await database.transact(lambda tx: enqueue_many(tx, about, [{"n": n} for n in range(6)]))
    await Runner(database, Wiring(jobs=(JobKind(about, together=act),))).settle()
    assert await effects(about) == ["done 0", "done 1", "done 2", "done 4", "done 5"]
    async with database.read() as read:
        [waiting] = await list_waiting(read, about)
    assert waiting.attempts == 1
