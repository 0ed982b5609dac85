"""What a sandbox does to calls that go out to a hospital's own system, and that they are noted."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from exchange.outward.hospitals import Hospital, connect, standing
from fixtures.sandbox_tried import Sandbox

from healthcloud import access
from healthcloud.access.clients.signature import read_header
from healthcloud.exchange import outward
from healthcloud.sandbox import store


class Doubting(Hospital):
    """A hospital's system that refuses, signed, what is not signed rightly."""

    async def _answer(self, first: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> bool:
        signed = read_header(headers["authorization"])
        _, target, _ = first.split(" ")
        right = access.sign_request(
            self.key_id, self.secret, "POST", target, body, timestamp=int(signed.timestamp), nonce=signed.nonce
        )
        self.manner = "answers" if headers["authorization"] == right else "refuses"
        return await super()._answer(first, headers | {"authorization": right}, body, writer)


@pytest.fixture(scope="module")
async def listening(trying: Sandbox) -> AsyncIterator[Hospital]:
    """A hospital's system that the city knows the address and key of."""
    async with standing(Doubting()) as hospital:
        await connect(trying.city.database, hospital, UUID(trying.institution))
        yield hospital


@pytest.fixture
async def hospital(trying: Sandbox, listening: Hospital) -> Hospital:
    """The same as if nothing had come yet."""
    await connect(trying.city.database, listening, UUID(trying.institution))
    listening.requests = 0
    listening.taken.clear()
    return listening


async def on(trying: Sandbox, **switches: object) -> None:
    told = await trying.client.put("/sandbox/switches", json={"face": "outward", **switches})
    assert told.status_code == 200
    assert trying.city.trying is not None
    await trying.city.trying.renew()


async def ask(trying: Sandbox) -> outward.Reply:
    return await trying.city.outward.ask(UUID(trying.institution), outward.PERSON_CHANGED, {"n": 1})


async def noted(trying: Sandbox) -> list[dict[str, object]]:
    """Return the calls that went out, the newest first."""
    assert trying.city.trying is not None
    await trying.city.trying.close()
    found = (await trying.client.get("/sandbox/calls.json", params={"face": "outward"})).json()["calls"]
    return [(await trying.client.get(f"/sandbox/calls/{one['id']}.json")).json() for one in found]


async def test_what_goes_out_is_noted_with_the_string_that_was_signed(trying: Sandbox, hospital: Hospital) -> None:
    assert (await ask(trying)).taken
    [call] = await noted(trying)
    assert (call["status"], call["institution_id"], call["switched"]) == (200, trying.institution, [])
    assert str(call["signed"]).startswith("POST\n/")
    assert json.loads(str(call["asked"]))["id"] in hospital.taken
    assert call["told"] == '{"ok": true}'


async def test_down_reaches_nobody(trying: Sandbox, hospital: Hospital) -> None:
    await on(trying, down=True)
    with pytest.raises(outward.HospitalAway):
        await ask(trying)
    assert hospital.requests == 0
    [call] = await noted(trying)
    assert (call["status"], call["switched"]) == (0, ["down"])


async def test_slow_is_too_slow_for_a_hospital_with_little_time(trying: Sandbox, hospital: Hospital) -> None:
    await connect(trying.city.database, hospital, UUID(trying.institution), timeout_ms=100)
    await on(trying, slow_ms=5000)
    with pytest.raises(outward.HospitalAway):
        await ask(trying)
    assert hospital.requests == 0
    [call] = await noted(trying)
    assert (call["status"], call["switched"]) == (0, ["slow"])


async def test_twice_reaches_the_hospital_twice_under_one_id(trying: Sandbox, hospital: Hospital) -> None:
    await on(trying, duplicate=True)
    assert (await ask(trying)).taken
    assert (hospital.requests, len(hospital.taken)) == (2, 1)


async def test_a_switch_of_another_hospital_is_not_ours(trying: Sandbox, hospital: Hospital) -> None:
    await on(trying, institution_id="00000000-0000-7000-8000-000000000009", down=True)
    assert (await ask(trying)).taken
    assert hospital.requests == 1


async def test_a_wrong_signature_is_refused(trying: Sandbox, hospital: Hospital) -> None:
    await on(trying, wrong_signature=True)
    assert not (await ask(trying)).taken
    assert not hospital.taken
    [call] = await noted(trying)
    assert (call["status"], call["switched"]) == (422, ["wrong_signature"])


async def test_out_of_order_waits_for_the_next(trying: Sandbox, hospital: Hospital) -> None:
    await on(trying, out_of_order=True)
    replies = await asyncio.gather(ask(trying), ask(trying))
    assert all(reply.taken for reply in replies)
    first, second = reversed(await noted(trying))
    assert first["switched"] == second["switched"] == ["out_of_order"]
    assert hospital.requests == 2


async def test_the_journal_keeps_the_newest_only(trying: Sandbox) -> None:
    # Given more calls than are to be kept
    for _ in range(3):
        await trying.client.get("/api/v1/institutions")
    before = [one["id"] for one in (await trying.client.get("/sandbox/calls.json")).json()["calls"]]
    # When the oldest go
    gone = await trying.city.database.transact(lambda tx: store.forget_oldest(tx, 2))
    # Then the newest stay
    after = [one["id"] for one in (await trying.client.get("/sandbox/calls.json")).json()["calls"]]
    assert (gone, after) == (1, before[:2])


async def test_a_way_that_is_none_cannot_be_switched(trying: Sandbox) -> None:
    told = await trying.client.put("/sandbox/switches", json={"face": "hl7", "down": True})
    assert told.status_code == 422
