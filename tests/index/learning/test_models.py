"""Versions of the model: proposed and adopted by those who may, live at once, changing nothing that was decided."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from index.records.hospitals import hand_in, hospital, patient
from msgspec.structs import replace

from healthcloud import index
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.index import learning
from healthcloud.index.learning.errors import ModelVersionLive, ModelVersionUnknown
from healthcloud.index.learning.model import pack, unpack
from healthcloud.index.matching import DEFAULT_MODEL

MANAGER = Caller(CallerKind.STAFF, new_id(), frozenset({"index.manage"}))
MEASURES = learning.Measures("duckdb", 100, 50, 40, 0.9996, 38, 2, 1, kept=("name.close",))
STRICTER = replace(DEFAULT_MODEL, link=DEFAULT_MODEL.link + 5)


@pytest.fixture
async def city(database: Database) -> AsyncIterator[Database]:
    """A database in which the shipped version is live, before and after."""
    yield database
    async with database.read() as read:
        live = await learning.live_model(read)
    if live.version != learning.SHIPPED:
        await adopt(database, learning.SHIPPED)


async def propose(database: Database, caller: Caller = MANAGER, model: learning.Model = STRICTER) -> int:
    return await database.transact(lambda tx: learning.propose_model(tx, caller, model, MEASURES))


async def adopt(database: Database, version: int, caller: Caller = MANAGER) -> None:
    await database.transact(lambda tx: learning.adopt_model(tx, caller, version))


async def live(database: Database) -> learning.Model:
    async with database.read() as read:
        return await learning.live_model(read)


async def test_without_any_other_the_shipped_version_is_live(city: Database) -> None:
    assert await live(city) is DEFAULT_MODEL
    assert DEFAULT_MODEL.version == learning.SHIPPED


async def test_a_proposed_version_decides_nothing_until_it_is_adopted(city: Database) -> None:
    version = await propose(city)
    assert await live(city) is DEFAULT_MODEL
    await adopt(city, version)
    assert await live(city) == replace(STRICTER, version=version)
    assert await live(city) is await live(city), "read once a process"


async def test_another_version_retires_the_live_one_and_any_may_come_back(city: Database) -> None:
    first, second = await propose(city), await propose(city, model=DEFAULT_MODEL)
    assert second == first + 1
    await adopt(city, first)
    await adopt(city, second)
    async with city.read() as read:
        states = {one.version: one.state.value for one in await learning.model_versions(read, MANAGER)}
    assert (states[first], states[second], states[learning.SHIPPED]) == ("retired", "adopted", "retired")
    await adopt(city, first)
    assert (await live(city)).link == STRICTER.link
    await adopt(city, learning.SHIPPED)
    assert await live(city) is DEFAULT_MODEL


async def test_what_was_measured_stays_with_its_version(city: Database) -> None:
    version = await propose(city)
    async with city.read() as read:
        newest = (await learning.model_versions(read, MANAGER))[0]
    assert (newest.version, newest.measures, newest.proposed_by) == (version, MEASURES, MANAGER.account_id)


async def test_only_who_manages_the_index_may(city: Database) -> None:
    clerk = Caller(CallerKind.STAFF, new_id(), frozenset({"index.review"}))
    with pytest.raises(Forbidden):
        await propose(city, clerk)
    with pytest.raises(Forbidden):
        await adopt(city, learning.SHIPPED, clerk)
    async with city.read() as read:
        with pytest.raises(Forbidden):
            await learning.model_versions(read, clerk)


async def test_what_is_not_there_or_is_live_already_is_refused(city: Database) -> None:
    with pytest.raises(ModelVersionUnknown):
        await adopt(city, 9_999)
    with pytest.raises(ModelVersionLive):
        await adopt(city, learning.SHIPPED)


async def test_proposing_and_adopting_are_deeds(city: Database, owner_url: str) -> None:
    version = await propose(city)
    await adopt(city, version)
    connection = await asyncpg.connect(owner_url)
    told = await connection.fetch(
        "SELECT deed FROM audit.deeds WHERE actor_id = $1 AND detail @> $2::jsonb",
        MANAGER.account_id,
        f'{{"version": {version}}}',
    )
    await connection.close()
    assert {row["deed"] for row in told} == {"index.model-adopted", "index.model-proposed"}


async def test_adopting_moves_no_record_and_splits_nobody(city: Database) -> None:
    """Given two records joined, when a model that joins nothing is live, then they stay as they are."""
    written = patient()
    [one] = await hand_in(city, hospital(), [written])
    [other] = await hand_in(city, hospital(), [written])
    assert other.person_id == one.person_id
    before = await everything(city, one)
    nothing = replace(DEFAULT_MODEL, link=1e6, review=1e6)
    await adopt(city, await propose(city, model=nothing))
    assert await everything(city, one) == before


async def everything(database: Database, answer: index.Answer) -> list[index.Record]:
    assert answer.person_id is not None
    async with database.read() as read:
        return sorted(await index.records_of(read, answer.person_id), key=lambda one: one.id)


def test_a_model_is_the_same_after_it_was_stored() -> None:
    stored = pack(STRICTER)
    assert unpack(stored.data) == STRICTER
    assert pack(unpack(stored.data)).digest == stored.digest
    assert pack(DEFAULT_MODEL).digest != stored.digest
