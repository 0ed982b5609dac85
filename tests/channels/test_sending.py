"""A text is sent once after its transaction has committed, and then it is gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from fixtures.http import Serve

from healthcloud import channels
from healthcloud.channels import store
from healthcloud.channels.model import OutgoingText
from healthcloud.core.background import Wiring, list_dead
from healthcloud.core.background.worker import OutsideWorker
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud_simulators import sms
from healthcloud_simulators.options import Options

KEY = "a key of this test"
PHONE = "13800000000"
TEXT = "【健康云】验证码 000000"


class City:
    """A database, an aggregator, and the worker between them."""

    def __init__(self, database: Database, aggregator: httpx.AsyncClient, sender: channels.SmsSender) -> None:
        self.database = database
        self.aggregator = aggregator
        quick = replace(channels.sending(sender), first_retry=timedelta(), max_attempts=3)
        self.worker = OutsideWorker(database, Wiring(jobs=(quick,)).kinds().values())

    async def send(
        self, phone: str = PHONE, text: str = TEXT, reference: UUID | None = None, **more: timedelta
    ) -> UUID:
        return await self.database.transact(
            lambda tx: channels.send_text(tx, channels.Channel.SMS, phone, text, reference=reference, **more)
        )

    async def work(self) -> None:
        while await self.worker.step():
            pass

    async def arrived(self) -> list[str]:
        return [one["text"] for one in (await self.aggregator.get("/messages.json")).json()]

    async def line(self, text_id: UUID) -> OutgoingText:
        async with self.database.read() as read:
            line = await store.text(read, text_id)
        assert line is not None
        return line


@asynccontextmanager
async def a_city(database: Database, serve: Serve, *, allow_simulator: bool = True) -> AsyncIterator[City]:
    aggregator = await serve(sms.create_app(Options(KEY)))
    url = str(aggregator.base_url)
    async with channels.SmsAggregator(
        url, app_id="test", key=KEY, timeout_seconds=1, allow_simulator=allow_simulator
    ) as sender:
        yield City(database, aggregator, sender)


@pytest.fixture
async def city(fresh_database: Database, serve: Serve) -> AsyncIterator[City]:
    async with a_city(fresh_database, serve) as city:
        yield city


async def test_a_text_is_sent_and_erased(city: City, owner_of: str) -> None:
    text_id = await city.send()
    await city.work()
    assert await city.arrived() == [TEXT]
    line = await city.line(text_id)
    assert (line.state, line.address_shown, line.attempts) == ("sent", "138****0000", 1)
    connection = await asyncpg.connect(owner_of)
    row = await connection.fetchrow("SELECT text_sealed, address_sealed FROM channels.outgoing WHERE id = $1", text_id)
    await connection.close()
    assert row is not None
    assert row["text_sealed"] is None
    assert row["address_sealed"] is None


async def test_a_text_of_a_transaction_that_failed_is_never_sent(city: City) -> None:
    async def fail(tx: Transaction) -> None:
        await channels.send_text(tx, channels.Channel.SMS, PHONE, TEXT)
        raise channels.NotAMobileNumber

    with pytest.raises(channels.NotAMobileNumber):
        await city.database.transact(fail)
    await city.work()
    assert await city.arrived() == []


async def test_the_same_reference_is_one_text(city: City) -> None:
    reference = new_id()
    assert await city.send(reference=reference) == await city.send(reference=reference) == reference
    await city.work()
    assert await city.arrived() == [TEXT]


async def test_an_aggregator_that_fails_is_asked_again(city: City) -> None:
    await city.aggregator.put("/behaviour", json={"fail_next": 2})
    text_id = await city.send()
    await city.work()
    assert await city.arrived() == [TEXT]
    assert (await city.line(text_id)).attempts == 3


async def test_an_answer_that_came_too_late_sends_no_second_message(city: City) -> None:
    await city.aggregator.put("/behaviour", json={"delay_seconds": 1.2})
    text_id = await city.send()
    await city.worker.step()
    assert (await city.line(text_id)).error == "ReadTimeout"
    await city.aggregator.put("/behaviour", json={})
    await city.work()
    assert (await city.line(text_id)).state == "sent"
    assert await city.arrived() == [TEXT]


async def test_what_fails_too_often_is_a_dead_job_without_a_number_in_it(city: City) -> None:
    await city.aggregator.put("/behaviour", json={"fail_next": 99})
    text_id = await city.send()
    await city.work()
    async with city.database.read() as read:
        [dead] = await list_dead(read)
    assert (dead.kind, dead.body) == ("channels.send", {"id": str(text_id)})
    assert PHONE not in dead.last_error
    assert (await city.line(text_id)).state == "waiting"


async def test_what_can_never_be_sent_is_not_tried_again(city: City) -> None:
    await city.aggregator.put("/behaviour", json={"refused": [PHONE]})
    text_id = await city.send()
    await city.work()
    line = await city.line(text_id)
    assert (line.state, line.error, line.attempts) == ("refused", "422 unreachable", 1)


async def test_a_text_whose_time_is_over_is_not_sent(city: City) -> None:
    text_id = await city.send(good_for=timedelta())
    await city.work()
    assert (await city.line(text_id)).state == "expired"
    assert await city.arrived() == []


async def test_tidying_erases_what_never_went(city: City) -> None:
    text_id = await city.send(good_for=timedelta())
    [tidy] = channels.RECURRING
    assert tidy.handler is not None
    handler = tidy.handler
    await city.database.transact(lambda tx: handler(tx, {}))
    assert (await city.line(text_id)).state == "expired"


async def test_where_simulators_are_refused_nothing_counts_as_sent(fresh_database: Database, serve: Serve) -> None:
    async with a_city(fresh_database, serve, allow_simulator=False) as city:
        text_id = await city.send()
        await city.work()
        line = await city.line(text_id)
    assert (line.state, line.error) == ("waiting", "a simulator answered")


async def test_a_text_needs_a_mobile_number(city: City) -> None:
    with pytest.raises(channels.NotAMobileNumber):
        await city.send(phone="0632-3314999")
