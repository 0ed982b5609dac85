"""Several requests carried out once each in one transaction: alike again, refused under another body, problems free."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from healthcloud.core import idempotency
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict, Problem
from healthcloud.core.idempotency import Answer, Asked, once_each

CALLERS = [Caller(CallerKind.CLIENT, UUID(int=number)) for number in (1, 2)]
assert idempotency.PURPOSES


def ask(key: str, body: bytes = b"{}", caller: Caller = CALLERS[0]) -> Asked:
    return Asked(caller, "POST /things", key, body)


class Things:
    """Counts what is carried out; a body of `no` is refused."""

    def __init__(self) -> None:
        self.done: list[bytes] = []

    async def run(self, database: Database, *asked: Asked) -> list[Answer | Problem]:
        some = sorted(asked, key=lambda one: one.place)

        async def act(_: Transaction, places: Sequence[int]) -> list[object]:
            self.done += [some[place].body for place in places]
            return [Conflict() if some[place].body == b"no" else {"n": len(self.done)} for place in places]

        answers = await database.transact(lambda tx: once_each(tx, some, act))
        by_place = {one.place: answer for one, answer in zip(some, answers, strict=True)}
        return [by_place[one.place] for one in asked]


def codes(answers: list[Answer | Problem]) -> list[object]:
    return [answer.code if isinstance(answer, Problem) else (answer.status, answer.replayed) for answer in answers]


async def test_each_is_carried_out_once_and_answered_alike_again(fresh_database: Database) -> None:
    things = Things()
    first = await things.run(fresh_database, ask("key-aaaa"), ask("key-bbbb"), ask("key-aaaa", caller=CALLERS[1]))
    again = await things.run(fresh_database, ask("key-bbbb"), ask("key-cccc"))
    assert codes(first) == [(201, False)] * 3
    assert codes(again) == [(201, True), (201, False)]
    assert isinstance(first[1], Answer)
    assert isinstance(again[0], Answer)
    assert again[0].body == first[1].body
    assert len(things.done) == 4


async def test_another_body_under_a_key_is_refused_and_the_others_are_done(fresh_database: Database) -> None:
    things = Things()
    await things.run(fresh_database, ask("key-aaaa"))
    answers = await things.run(fresh_database, ask("key-aaaa", b"other"), ask("key-bbbb"))
    assert codes(answers) == ["idempotency-key-reused", (201, False)]


async def test_a_problem_is_not_stored(fresh_database: Database) -> None:
    things = Things()
    assert codes(await things.run(fresh_database, ask("key-aaaa", b"no"), ask("key-bbbb"))) == [
        "conflict",
        (201, False),
    ]
    assert codes(await things.run(fresh_database, ask("key-aaaa", b"yes"))) == [(201, False)]


async def test_batches_of_the_same_keys_at_once_do_each_once(fresh_database: Database) -> None:
    things = Things()
    keys = [f"key-{number:04}" for number in range(30)]
    batches = await asyncio.gather(
        *(things.run(fresh_database, *map(ask, keys[turn:] + keys[:turn])) for turn in range(0, 30, 5))
    )
    assert len(things.done) == 30
    assert all(isinstance(answer, Answer) for batch in batches for answer in batch)
