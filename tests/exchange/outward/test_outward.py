"""What goes out to hospitals: once in effect, in order where asked, and none waits for another's hospital."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from exchange.outward.hospitals import Hospital, an_institution, connect, post, standing

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.exchange import outward
from healthcloud.exchange.outward.breaker import CLOSED, THRESHOLD
from healthcloud.exchange.outward.endpoints.model import wish_faults
from healthcloud.exchange.outward.model import LONGEST_RETRY, next_try

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COUNT = iter(range(1, 1000))


@pytest.fixture(scope="module", autouse=True)
async def code_sets(database: Database) -> None:
    await institutions.load_standard_sets(database, SYSTEM)


class Post:
    """The city's side: one dispatcher, and what the database says."""

    def __init__(self, database: Database, owner_url: str) -> None:
        self.database = database
        self.owner_url = owner_url
        self.out = outward.Outward(database, outward.endpoints.Terms())
        self.lease = Lease(database, f"test-{new_id()}", new_id())

    async def settle(self) -> None:
        """Send everything that is due."""
        await self.lease.take()
        sole = self.out.dispatching()
        while await sole.step(self.database, self.lease) or not self.out.is_idle:
            while not self.out.is_idle:  # noqa: ASYNC110 - it tells by a flag only
                await asyncio.sleep(0.002)

    async def begin(self) -> None:
        """Begin to send what is due, and wait for nobody."""
        await self.lease.take()
        await self.out.dispatching().step(self.database, self.lease)

    async def own(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def line(self, message_id: UUID) -> asyncpg.Record:
        [row] = await self.own("SELECT * FROM exchange.outgoing WHERE id = $1", message_id)
        return row

    async def now(self, institution_id: UUID, *, last: bool = False) -> None:
        """Have everything that waits for an institution be due, perhaps for the last time."""
        await self.own("UPDATE exchange.outgoing SET due_at = created_at WHERE institution_id = $1", institution_id)
        if last:
            await self.own(
                "UPDATE exchange.outgoing SET last_at = created_at WHERE institution_id = $1", institution_id
            )


@pytest.fixture
async def city(database: Database, owner_url: str) -> AsyncIterator[Post]:
    city = Post(database, owner_url)
    yield city
    await city.out.close()
    await city.own("DELETE FROM exchange.outgoing")


@asynccontextmanager
async def a_hospital(city: Post, manner: str = "answers", **terms: int) -> AsyncIterator[tuple[Hospital, UUID]]:
    async with standing(Hospital(manner)) as hospital:
        institution_id = await an_institution(city.database, next(COUNT))
        await connect(city.database, hospital, institution_id, **terms)
        yield hospital, institution_id


async def test_a_message_arrives_signed_and_is_erased(city: Post) -> None:
    async with a_hospital(city) as (hospital, place):
        message_id = await post(city.database, place, 7)
        await city.settle()
    assert hospital.taken[str(message_id)]["body"] == {"n": 7}
    line = await city.line(message_id)
    assert (line["state"], line["body_sealed"], line["attempts"]) == ("sent", None, 1)


async def test_the_same_key_is_one_message(city: Post) -> None:
    async with a_hospital(city) as (hospital, place):
        first = await post(city.database, place, 1, key="one")
        assert await post(city.database, place, 2, key="one") == first
        await city.settle()
        assert await post(city.database, place, 3, key="one") == first
        await city.settle()
    assert hospital.order == [1]


async def test_who_did_not_ask_for_a_kind_gets_nothing(city: Post) -> None:
    place = await an_institution(city.database, next(COUNT))

    async def send(tx: Transaction) -> UUID | None:
        return await outward.send(tx, place, outward.PERSON_CHANGED, "k", {})

    assert await city.database.transact(send) is None


@pytest.mark.parametrize("manner", ["hangs", "half-closes", "talks nonsense", "is busy", "does not sign", "floods"])
async def test_what_is_no_answer_is_tried_again_and_dies_after_the_last_attempt(city: Post, manner: str) -> None:
    # Given a hospital that gives no answer one may believe
    async with a_hospital(city, manner, timeout_ms=100) as (hospital, place):
        message_id = await post(city.database, place)
        # When it is tried
        await city.settle()
        line = await city.line(message_id)
        assert (line["state"], line["attempts"]) == ("waiting", 1)
        assert line["error"]
        # Then it dies with the last attempt, not before
        await city.now(place, last=True)
        await city.settle()
        line = await city.line(message_id)
        assert (line["state"], line["attempts"]) == ("dead", 2)
        # And replayed, it arrives under the same id
        hospital.manner = "answers"
        count = await city.database.transact(lambda tx: outward.replay(tx, SYSTEM, place, None, "mended"))
        assert count == 1
        await city.settle()
    assert (await city.line(message_id))["state"] == "sent"
    assert list(hospital.taken) == [str(message_id)]


async def test_what_a_hospital_refuses_for_good_is_dead_at_once_and_can_be_given_up(city: Post) -> None:
    async with a_hospital(city, "refuses") as (_, place):
        message_id = await post(city.database, place)
        await city.settle()
        line = await city.line(message_id)
        assert (line["state"], line["attempts"], line["error"]) == ("dead", 1, "422, refused by the institution")
        async with city.database.read() as read:
            [letter] = await outward.dead_letters(read, SYSTEM, place)
        assert letter.id == message_id
        await city.database.transact(lambda tx: outward.discard(tx, SYSTEM, message_id, "not needed"))
        with pytest.raises(outward.DeadLetterUnknown):
            await city.database.transact(lambda tx: outward.discard(tx, SYSTEM, message_id, "again"))
    line = await city.line(message_id)
    assert (line["state"], line["body_sealed"]) == ("discarded", None)


async def test_a_sequence_keeps_its_order_and_waits_for_what_failed(city: Post) -> None:
    async with a_hospital(city, "is busy") as (hospital, place):
        for n in range(4):
            await post(city.database, place, n, sequence="s")
        await post(city.database, place, 99)
        await city.settle()
        states = await city.own(
            "SELECT state FROM exchange.outgoing WHERE institution_id = $1 AND sequence = 's' ORDER BY number", place
        )
        assert [row["state"] for row in states] == ["waiting", "held", "held", "held"]
        hospital.manner = "answers"
        await city.now(place)
        await city.settle()
    assert [n for n in hospital.order if n != 99] == [0, 1, 2, 3]
    assert [message.get("number") for message in hospital.taken.values() if "number" in message] == [1, 2, 3, 4]


async def test_a_dead_letter_holds_its_sequence_until_it_is_given_up(city: Post) -> None:
    async with a_hospital(city, "refuses") as (hospital, place):
        first = await post(city.database, place, 1, sequence="s")
        await post(city.database, place, 2, sequence="s")
        await city.settle()
        hospital.manner = "answers"
        await city.settle()
        assert hospital.order == []
        await city.database.transact(lambda tx: outward.discard(tx, SYSTEM, first, "given up"))
        await city.settle()
    assert hospital.order == [2]


async def test_no_more_than_its_places_are_on_their_way_and_others_do_not_wait(city: Post) -> None:
    async with a_hospital(city, in_flight=2, timeout_ms=30_000) as (slow, there), a_hospital(city) as (quick, here):
        slow.open.clear()
        for n in range(10):
            await post(city.database, there, n)
            await post(city.database, here, n)
        await city.begin()
        while len(quick.taken) < 10:
            await asyncio.sleep(0.002)
            await city.begin()
        assert (slow.within, len(slow.taken)) == (2, 0)
        slow.open.set()
        await city.settle()
    assert len(slow.taken) == 10
    assert slow.most_within == 2


async def test_killed_between_answer_and_note_it_sends_again_with_no_second_effect(
    city: Post, database: Database, owner_url: str
) -> None:
    # Given a dispatcher that dies when the hospital has taken the message and nobody has noted it
    async with a_hospital(city, timeout_ms=30_000) as (hospital, place):
        hospital.open.clear()
        message_id = await post(database, place, 1)
        await city.begin()
        while not hospital.within:  # noqa: ASYNC110 - a count that the server keeps
            await asyncio.sleep(0.002)
        await city.out.close()
        hospital.open.set()
        # When another takes over
        after = Post(database, owner_url)
        await after.settle()
        await after.out.close()
    # Then it was sent twice under one id, and counts once
    assert hospital.requests == 2
    assert hospital.order == [1]
    assert (await city.line(message_id))["state"] == "sent"


async def test_who_does_not_answer_is_left_alone_for_a_while(city: Post) -> None:
    async with a_hospital(city, "is busy", in_flight=1) as (hospital, place):
        for n in range(THRESHOLD + 5):
            await post(city.database, place, n)
        await city.settle()
        assert hospital.requests == THRESHOLD
        async with city.database.read() as read:
            line = next(one for one in await outward.queues(read, SYSTEM) if one.institution_id == place)
    assert line.open_until is not None
    assert (line.waiting, line.dead, line.failures) == (THRESHOLD + 5, 0, THRESHOLD)


async def test_asking_answers_now_or_says_at_once_that_it_cannot(city: Post) -> None:
    async with a_hospital(city, in_flight=1, timeout_ms=200) as (hospital, place):
        reply = await city.out.ask(place, outward.PERSON_CHANGED, {"n": 1})
        assert (reply.taken, reply.content) == (True, b'{"ok": true}')
        hospital.open.clear()
        first = asyncio.create_task(city.out.ask(place, outward.PERSON_CHANGED, {"n": 2}))
        while not hospital.within:  # noqa: ASYNC110 - a count that the server keeps
            await asyncio.sleep(0.002)
        with pytest.raises(outward.HospitalBusy):
            await city.out.ask(place, outward.PERSON_CHANGED, {"n": 3})
        with pytest.raises(outward.HospitalAway):
            await first
        hospital.open.set()
        with pytest.raises(outward.EndpointUnknown):
            await city.out.ask(place, "nothing.known", {})


async def test_a_key_is_changed_without_a_message_lost(city: Post) -> None:
    async with a_hospital(city) as (hospital, place):
        fresh = await city.database.transact(lambda tx: outward.endpoints.renew_key(tx, SYSTEM, place))
        await post(city.database, place, 1)
        await city.settle()
        assert hospital.key_id != fresh.key_id
        used = await city.database.transact(lambda tx: outward.endpoints.use_next_key(tx, SYSTEM, place))
        assert used == fresh.key_id


def test_the_circuit_opens_rests_longer_each_time_and_closes_with_an_answer() -> None:
    breaker, now = CLOSED, NOW
    for _ in range(THRESHOLD - 1):
        breaker = breaker.failed(now, 0.5)
    assert breaker.places(now, 4) == 4
    breaker = breaker.failed(now, 0.5)
    assert breaker.places(now, 4) == 0
    assert breaker.open_until is not None
    first, now = breaker.open_until - now, breaker.open_until
    assert breaker.places(now, 4) == 1
    breaker = breaker.failed(now, 0.5)
    assert breaker.open_until is not None
    assert breaker.open_until - now == 2 * first
    assert breaker.succeeded().places(now, 4) == 4


def test_retries_have_full_jitter_and_end_with_the_last_attempt() -> None:
    last = NOW + timedelta(days=3)
    assert next_try(NOW, 1, last, 0.0, None) == NOW
    assert next_try(NOW, 40, last, 1.0, None) == NOW + LONGEST_RETRY
    assert next_try(NOW, 40, NOW + timedelta(seconds=9), 1.0, None) == NOW + timedelta(seconds=9)
    assert next_try(NOW, 1, last, 0.0, timedelta(seconds=30)) == NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("url", "production", "good"),
    [
        ("http://10.0.0.1:8080/take", False, True),
        ("http://10.0.0.1:8080/take", True, False),
        ("https://his.example.cn/take", True, True),
        ("https://127.0.0.1/take", True, False),
        ("https://user:secret@his.example.cn/", False, False),
        ("ftp://his.example.cn/", False, False),
        ("http://[", False, False),
    ],
)
def test_which_addresses_are_taken(url: str, *, production: bool, good: bool) -> None:
    wish = outward.endpoints.EndpointWish(url, (outward.PERSON_CHANGED,))
    assert (wish_faults(wish, outward.endpoints.Terms(production=production)) == ()) is good
