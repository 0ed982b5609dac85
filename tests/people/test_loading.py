"""Loading many residents at once: they are met, found and registered again like anybody else."""

import time

import asyncpg
import pytest
from people.makers import checked, desk, face_of, register

from healthcloud import people
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem

loading = people.loading


async def load(database: Database, wishes: list[people.Registration], caller: Caller = SYSTEM) -> loading.ResidentRows:
    rows = loading.prepare_residents(database.vault, wishes, database.clock.now(), people.Level.REGISTRY)
    await database.transact(lambda tx: loading.load_residents(tx, caller, rows))
    return rows


async def test_loaded_residents_are_like_registered_ones(fresh_database: Database) -> None:
    wishes = [checked(phone=f"1310000000{place // 3}") for place in range(30)]
    rows = await load(fresh_database, wishes)
    for person, wish in zip(rows.person_ids, wishes, strict=True):
        seen = await face_of(fresh_database, person)
        assert (seen.face.name, seen.level) == (wish.name, people.Level.REGISTRY)
        again = await register(fresh_database, wish)
        assert (again.person_id, again.created) == (person, False)
    full = checked(phone="13100000001")
    with pytest.raises(Problem) as refused:
        await register(fresh_database, full, policy=people.Policy(persons_per_phone=3))
    assert refused.value.code == "phone-has-too-many-persons"


async def test_chunks_that_share_a_phone_count_together(fresh_database: Database) -> None:
    for _ in range(2):
        await load(fresh_database, [checked(phone="13100000099") for _ in range(2)])
    with pytest.raises(Problem) as refused:
        await register(fresh_database, checked(phone="13100000099"), policy=people.Policy(persons_per_phone=4))
    assert refused.value.code == "phone-has-too-many-persons"


async def test_a_chunk_with_somebody_known_is_not_loaded_at_all(fresh_database: Database) -> None:
    known = checked()
    await register(fresh_database, known)
    newcomer = checked()
    with pytest.raises(asyncpg.UniqueViolationError):
        await load(fresh_database, [newcomer, known])
    assert (await register(fresh_database, newcomer)).created


async def test_only_the_system_loads(fresh_database: Database) -> None:
    with pytest.raises(Problem):
        await load(fresh_database, [checked()], desk())


async def test_preparing_takes_microseconds(database: Database) -> None:
    wishes = [checked(phone=f"1320000{place:04}") for place in range(300)]
    started = time.process_time()
    loading.prepare_residents(database.vault, wishes, database.clock.now())
    assert (time.process_time() - started) / 300 < 500e-6  # 60 µs on an idle machine
