"""The population registry over HTTP: matched, refused, down; asked again later; never believed unsigned."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from fixtures.http import Serve
from people.makers import at, checked, deeds_of, face_of, number_of, register, waiting_jobs

from healthcloud import people
from healthcloud.core.background import JobKind, list_waiting
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.people.registry import Claim, HttpRegistry, Verdict
from healthcloud_simulators import registry as simulated
from healthcloud_simulators.options import Options
from healthcloud_simulators.population import residents

KEY = "a key of this test"
SOMEBODY, OTHER = residents(simulated.SEED, 2)


@pytest.fixture
async def simulator(serve: Serve) -> httpx.AsyncClient:
    return await serve(simulated.create_app(Options(KEY)))


@pytest.fixture
async def registry(simulator: httpx.AsyncClient) -> AsyncIterator[HttpRegistry]:
    async with HttpRegistry(
        str(simulator.base_url), app_id="test", key=KEY, timeout_seconds=0.5, allow_simulator=True
    ) as client:
        yield client


@pytest.fixture
async def hurried(simulator: httpx.AsyncClient) -> AsyncIterator[HttpRegistry]:
    """One that waits a tenth of a second, for a simulator that takes a whole one."""
    async with HttpRegistry(
        str(simulator.base_url), app_id="test", key=KEY, timeout_seconds=0.1, allow_simulator=True
    ) as client:
        await simulator.put("/behaviour", json={"delay_seconds": 1})
        yield client


def of(name: str, number: str) -> people.Registration:
    return checked(name=name, documents=(people.DocumentForm("01", number),))


async def verified(registry: HttpRegistry, name: str, number: str, *, seen: bool = False) -> people.Verification:
    return await people.registry.verify_registration(registry, of(name, number), seen=seen)


async def recheck(database: Database, registry: HttpRegistry, person: UUID, tries: int = 0) -> None:
    kind = next(kind for kind in people.job_kinds(registry) if kind.kind == "people.recheck")
    assert isinstance(kind, JobKind)
    assert kind.outside
    await kind.outside(database, {"person_id": str(person), "tries": tries})


async def test_a_name_and_number_that_fit_are_verified(registry: HttpRegistry) -> None:
    assert (await verified(registry, SOMEBODY.name, SOMEBODY.number)).level is people.Level.REGISTRY
    seen = await verified(registry, SOMEBODY.name, SOMEBODY.number, seen=True)
    assert (seen.level, seen.method) == (people.Level.FACE_TO_FACE, "document-seen")


async def test_another_name_is_refused_even_at_a_counter(registry: HttpRegistry) -> None:
    for seen in (False, True):
        with pytest.raises(Problem) as mismatch:
            await verified(registry, OTHER.name, SOMEBODY.number, seen=seen)
        assert mismatch.value.code == "registry-mismatch"


async def test_the_deceased_are_refused_and_the_unknown_stay_declared(
    registry: HttpRegistry, simulator: httpx.AsyncClient
) -> None:
    await simulator.post("/records", json={"number": SOMEBODY.number, "name": SOMEBODY.name, "deceased": True})
    with pytest.raises(Problem) as dead:
        await verified(registry, SOMEBODY.name, SOMEBODY.number)
    assert dead.value.code == "deceased-in-registry"
    assert await verified(registry, "外地人", number_of(SOMEBODY.birth_date, 1, "110101")) == people.Verification()


async def test_only_resident_numbers_are_asked_about(registry: HttpRegistry, simulator: httpx.AsyncClient) -> None:
    await simulator.put("/behaviour", json={"fail_next": 1})
    visitor = people.read_registration(
        people.RegistrationForm(
            "Ann Lee", birth_date=SOMEBODY.birth_date, documents=(people.DocumentForm("03", "P1234567", "USA"),)
        ),
        SOMEBODY.birth_date.replace(year=2026),
    )
    assert await people.registry.verify_registration(registry, visitor, seen=False) == people.Verification()
    assert (
        await people.registry.verify_registration(None, of(SOMEBODY.name, SOMEBODY.number), seen=False)
        == people.Verification()
    )


@pytest.mark.parametrize("trouble", [{"fail_next": 9}, {"unsigned_next": 9}])
async def test_when_it_is_down_people_are_registered_all_the_same(
    registry: HttpRegistry, simulator: httpx.AsyncClient, trouble: dict[str, object]
) -> None:
    await simulator.put("/behaviour", json=trouble)
    await registered_unchecked(registry)


async def registered_unchecked(registry: HttpRegistry) -> None:
    assert await verified(registry, SOMEBODY.name, SOMEBODY.number) == people.Verification(recheck=True)
    seen = await verified(registry, SOMEBODY.name, SOMEBODY.number, seen=True)
    assert (seen.level, seen.recheck) == (people.Level.FACE_TO_FACE, True)


async def test_when_it_is_slow_too_and_after_three_failures_nobody_waits_for_it(hurried: HttpRegistry) -> None:
    await registered_unchecked(hurried)
    await verified(hurried, SOMEBODY.name, SOMEBODY.number)
    async with asyncio.timeout(0.09):
        assert (await verified(hurried, SOMEBODY.name, SOMEBODY.number)).recheck


async def test_a_simulator_and_a_wrong_key_are_not_believed(simulator: httpx.AsyncClient) -> None:
    claim = Claim(SOMEBODY.name, "01", SOMEBODY.number)
    for key, allow in ((KEY, False), ("another key", True)):
        async with HttpRegistry(str(simulator.base_url), app_id="t", key=key, allow_simulator=allow) as client:
            with pytest.raises(Problem) as refused:
                await client.check(claim)
        assert refused.value.code == "registry-unavailable"
        assert SOMEBODY.number not in str(refused.value.detail)
    async with HttpRegistry("http://127.0.0.1:1", app_id="t", key=KEY) as nowhere:
        with pytest.raises(Problem):
            await nowhere.check(claim)


async def test_who_could_not_be_checked_is_checked_later(
    fresh_database: Database, registry: HttpRegistry, simulator: httpx.AsyncClient
) -> None:
    database = fresh_database
    await simulator.put("/behaviour", json={"fail_next": 2})
    registration = of(SOMEBODY.name, SOMEBODY.number)
    later = await people.registry.verify_registration(registry, registration, seen=False)
    person = (await register(database, registration, verification=later)).person_id
    assert (await face_of(database, person)).level is people.Level.DECLARED
    assert await waiting_jobs(database, "people.recheck") == 1
    await recheck(database, registry, person)
    assert await waiting_jobs(database, "people.recheck") == 2
    await recheck(database, registry, person, tries=1)
    assert (await face_of(database, person)).level is people.Level.REGISTRY
    assert (await deeds_of(database, person))[0] == ("people.verified", "done")


async def test_a_later_mismatch_is_told_and_raises_nothing(database: Database, registry: HttpRegistry) -> None:
    person = (await register(database, of("不是他", OTHER.number))).person_id
    await recheck(database, registry, person)
    assert (await face_of(database, person)).level is people.Level.DECLARED
    assert (await deeds_of(database, person))[0] == ("people.doubted", "done")
    assert await registry.check(Claim(OTHER.name, "01", OTHER.number)) is Verdict.MATCH


async def test_waiting_grows_with_the_tries(
    fresh_database: Database, registry: HttpRegistry, simulator: httpx.AsyncClient
) -> None:
    person = (await register(fresh_database, of(SOMEBODY.name, SOMEBODY.number))).person_id
    await simulator.put("/behaviour", json={"fail_next": 1})
    now = fresh_database.clock.now()
    await recheck(at(fresh_database, now), registry, person, tries=30)
    async with fresh_database.read() as read:
        [job] = await list_waiting(read, "people.recheck")
    assert job.due_at == now + timedelta(hours=2)
