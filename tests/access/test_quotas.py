"""A client signs as many requests a second as its quota says, and who goes on evenly is never refused."""

import asyncpg
import pytest
from access.machines import BODY, PATH, Machine, a_machine, another_key, code
from access.town import Town
from hypothesis import given
from hypothesis import strategies as st

from healthcloud import access
from healthcloud.access.clients.errors import QuotaExceeded, SignatureWrong
from healthcloud.access.clients.quotas import Bucket, Buckets
from healthcloud.core.caller import Credentials
from healthcloud.core.ids import new_id


class Ticks:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(bucket: Bucket, now: float, tries: int) -> int:
    """Return how many of so many tries are let through."""
    done = 0
    for _ in range(tries):
        try:
            bucket.take(now)
        except QuotaExceeded:
            continue
        done += 1
    return done


def test_a_bucket_holds_a_second_and_fills_with_this_process_share() -> None:
    bucket = Bucket(10, workers=2, now=0.0)
    assert taken(bucket, 0.0, 50) == 10
    assert taken(bucket, 1.0, 50) == 5
    assert taken(bucket, 3600.0, 50) == 10
    with pytest.raises(QuotaExceeded) as refused:
        bucket.take(3600.0)
    assert refused.value.retry_after == 1
    bucket.take(3600.0 + refused.value.retry_after)


def test_the_smallest_quota_lets_one_through_when_it_says() -> None:
    bucket = Bucket(1, workers=4, now=0.0)
    bucket.take(0.0)
    with pytest.raises(QuotaExceeded) as refused:
        bucket.take(1.0)
    assert refused.value.retry_after == 3
    bucket.take(4.0)


@given(
    quota=st.integers(1, 50),
    workers=st.integers(1, 4),
    bursts=st.lists(st.tuples(st.floats(0, 3), st.integers(0, 80)), max_size=20),
)
def test_no_pattern_gets_more_than_the_quota(quota: int, workers: int, bursts: list[tuple[float, int]]) -> None:
    bucket, now, done = Bucket(quota, workers, 0.0), 0.0, 0
    for pause, tries in bursts:
        now += pause
        done += taken(bucket, now, tries)
    assert done <= quota + now * quota / workers + 1e-6


def test_even_requests_are_never_refused() -> None:
    bucket = Bucket(7, workers=2, now=0.0)
    assert sum(taken(bucket, n / 3.5, 1) for n in range(1000)) == 1000


def test_a_bucket_is_kept_as_long_as_a_key_holds_it() -> None:
    ticks, client = Ticks(), new_id()
    buckets = Buckets(2, ticks)
    held = buckets.bucket(client, 5)
    assert taken(held, ticks(), 9) == 5
    assert buckets.bucket(client, 5) is held
    del held
    assert taken(buckets.bucket(client, 5), ticks(), 9) == 5


async def test_over_http_one_too_many_is_told_when_to_come_back(town: Town) -> None:
    machine, other = await a_machine(town, quota=1), await a_machine(town)
    assert code(await machine.ask()) == "ok"
    refused = await machine.ask()
    told = refused.json()
    assert (refused.status_code, told["code"], told["quota_per_second"]) == (429, "quota-exceeded", 1)
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert "配额" in told["title_zh"]
    await another_key(machine)
    assert code(await machine.ask()) == "quota-exceeded"
    assert code(await other.ask()) == "ok"


async def asked(authenticator: access.AccessAuthenticator, machine: Machine) -> str:
    """Ask as the hot edge does; return which way it was answered."""
    credentials = Credentials("POST", PATH, {"authorization": machine.header()}, {}, BODY, "198.51.100.1")
    if authenticator.client_caller(credentials) is not None:
        return "fast"
    await access.ScanAuthenticator(authenticator).authenticate(credentials)
    return "asked"


async def test_both_ways_take_from_one_bucket_and_a_forger_from_none(town: Town) -> None:
    machine = await a_machine(town, quota=3)
    ticks = Ticks()
    authenticator = access.AccessAuthenticator(town.database, town.policy, monotonic=ticks)
    assert [await asked(authenticator, machine) for _ in range(2)] == ["asked", "fast"]
    forged = {"authorization": machine.header(body=b"another")}
    for _ in range(9):
        with pytest.raises(SignatureWrong):
            authenticator.client_caller(Credentials("POST", PATH, forged, {}, BODY, "198.51.100.1"))
    assert await asked(authenticator, machine) == "fast"
    with pytest.raises(QuotaExceeded):
        await asked(authenticator, machine)
    ticks.now += 1.0
    assert await asked(authenticator, machine) == "fast"


async def test_a_changed_quota_holds_when_the_key_is_next_read(town: Town, owner_url: str) -> None:
    machine = await a_machine(town, quota=1)
    ticks = Ticks()
    authenticator = access.AccessAuthenticator(town.database, town.policy, monotonic=ticks)
    assert await asked(authenticator, machine) == "asked"
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute("UPDATE access.clients SET quota_per_second = 4 WHERE id = $1", machine.client_id)
    finally:
        await owner.close()
    ticks.now += 10
    assert await asked(authenticator, machine) == "fast"
    with pytest.raises(QuotaExceeded):
        await asked(authenticator, machine)
    ticks.now += 10
    assert await asked(authenticator, machine) == "asked"
    ticks.now += 10
    assert [await asked(authenticator, machine) for _ in range(4)] == ["fast"] * 4
    with pytest.raises(QuotaExceeded):
        await asked(authenticator, machine)
