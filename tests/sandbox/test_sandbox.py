"""A sandbox over HTTP: clock, switches, journal, citizens, comparing; nobody signs in."""

import asyncio
import time
from base64 import b64decode
from datetime import timedelta

import httpx
from fixtures.sandbox_tried import Sandbox

from healthcloud import access
from healthcloud.core.clock import Clock, Shift
from healthcloud.core.settings import Settings, production_faults
from healthcloud.sandbox.spoiling import spoiled

PATH = "/api/v1/people/lookup"
BODY = b'{"kind":"01","number":"370402190001010015"}'


async def signed(trying: Sandbox, *, body: bytes = BODY, sign: bytes | None = None) -> httpx.Response:
    """Send a signed request; with `sign` the signature is over another body."""
    header = access.sign_request(
        trying.key.key_id, b64decode(trying.key.secret), "POST", PATH, body if sign is None else sign
    )
    headers = {"Authorization": header, "Content-Type": "application/json", "Idempotency-Key": str(time.time_ns())}
    return await trying.client.post(PATH, content=body, headers=headers)


async def last_call(trying: Sandbox) -> dict[str, object]:
    calls = (await trying.client.get("/sandbox/calls.json")).json()["calls"]
    found: dict[str, object] = (await trying.client.get(f"/sandbox/calls/{calls[0]['id']}.json")).json()
    return found


async def on(trying: Sandbox, **switches: object) -> None:
    """Switch failures on, and have this process hear of it at once."""
    assert (await trying.client.put("/sandbox/switches", json=switches)).status_code == 200
    assert trying.city.trying is not None
    await trying.city.trying.renew()


async def test_every_call_is_noted_with_the_string_that_was_signed(trying: Sandbox) -> None:
    # Given a call whose signature is over the same body written anew
    answer = await signed(trying, sign=BODY.replace(b":", b": "))
    assert answer.status_code == 401
    # When the journal is looked at
    call = await last_call(trying)
    # Then it tells whose it was, what came, what was answered and the exact string
    assert call["outcome"] == answer.json()["code"]
    assert call["institution_id"] == trying.institution
    assert call["asked"] == BODY.decode()
    assert str(call["signed"]).startswith(f"POST\n{PATH}\n")
    # And comparing tells what is wrong
    ours = str(call["signed"])
    digest = ours.splitlines()[4]
    other = BODY.replace(b":", b": ")
    theirs = ours.replace(
        digest,
        access.clients.string_to_sign(access.Algorithm.SM3, "POST", PATH, "0", "0", other).decode().splitlines()[4],
    )
    told = (await trying.client.post("/sandbox/compare", json={"call": call["id"], "string": theirs})).json()
    assert (told["kind"], told["part"]) == ("body-rewritten", "body digest")
    assert told["at"] == ours.index(digest) + next(
        n for n, (a, b) in enumerate(zip(digest, theirs.splitlines()[4], strict=True)) if a != b
    )


async def test_the_clock_is_moved_for_everybody(trying: Sandbox) -> None:
    # Given a clock an hour ahead
    assert (await trying.client.put("/sandbox/clock", json={"offset_seconds": 3600})).status_code == 200
    assert trying.city.trying is not None
    await trying.city.trying.renew()
    # Then a request of the real time is told that its clock is behind
    answer = await signed(trying)
    assert answer.json()["code"] == "signature-clock"
    assert -3605 < answer.json()["clock_off_seconds"] < -3595
    # And too far is refused
    assert (await trying.client.put("/sandbox/clock", json={"offset_seconds": 10**8})).status_code == 422


async def test_down_is_down_for_one_institution_and_face_only(trying: Sandbox) -> None:
    await on(trying, face="own", institution_id=trying.institution, down=True)
    answer = await signed(trying)
    assert (answer.status_code, answer.json()["code"]) == (503, "sandbox-switched-off")
    assert (await trying.client.get("/fhir/metadata")).status_code == 200
    assert (await trying.client.get("/api/v1/institutions")).status_code != 503


async def test_slow_takes_its_time(trying: Sandbox) -> None:
    await on(trying, slow_ms=150)
    assert (await signed(trying)).status_code != 503
    call = await last_call(trying)
    assert int(str(call["took_ms"])) >= 150
    assert call["switched"] == ["slow"]


async def test_twice_is_a_replay_to_the_city(trying: Sandbox) -> None:
    await on(trying, duplicate=True)
    first = await signed(trying)
    assert first.json().get("code") != "signature-replayed"


async def test_who_comes_second_is_answered_first(trying: Sandbox) -> None:
    # Given calls that are answered out of order
    await on(trying, face="own", out_of_order=True)
    # When two come
    answers = await asyncio.gather(signed(trying), signed(trying))
    # Then one of them has waited for the other, and both are answered
    assert all(answer.status_code != 503 for answer in answers)
    calls = (await trying.client.get("/sandbox/calls.json", params={"limit": 2})).json()["calls"]
    assert all(call["switched"] == ["out_of_order"] for call in calls)
    assert max(call["took_ms"] for call in calls) >= 100


def test_every_signature_of_an_answer_is_spoiled() -> None:
    body = b'{"code":0,"headSign":"0AB","body":{"name":"x"},"rsp":[{"sign":"Q=="}]}'
    assert spoiled(body) == b'{"code":0,"headSign":"1AB","body":{"name":"x"},"rsp":[{"sign":"0=="}]}'
    assert spoiled(b"0^ok^") == b"0^ok^"


async def test_citizens_can_be_picked(trying: Sandbox) -> None:
    citizens = (await trying.client.get("/sandbox/citizens.json")).json()
    whys = {one["why"] for one in citizens}
    assert {"ordinary", "no-card", "child", "newborn", "twin-a", "twin-b", "same-name", "foreigner"} <= whys
    one = (await trying.client.get("/sandbox/citizens/1.json")).json()
    assert one == citizens[0]
    assert (await trying.client.get("/sandbox/citizens/9999.json")).status_code == 404


async def test_pages_speak_two_languages(trying: Sandbox) -> None:
    await signed(trying)
    call = await last_call(trying)
    pages = [
        "",
        "/citizens",
        "/clock",
        "/switches",
        "/journal",
        f"/journal/{call['id']}",
        f"/compare?call={call['id']}",
    ]
    for language in ("zh-CN", "en"):
        for page in pages:
            answer = await trying.client.get(f"/sandbox{page}", headers={"Cookie": f"hc_language={language}"})
            assert (answer.status_code, answer.headers["content-language"]) == (200, language), page


async def test_forms_do_the_same(trying: Sandbox) -> None:
    told = await trying.client.post("/sandbox/clock/moved", data={"by": "x", "unit": "hours"})
    assert told.status_code == 422
    told = await trying.client.post("/sandbox/clock/moved", data={"by": "-2", "unit": "hours"})
    assert told.status_code == 303
    assert (await trying.client.get("/sandbox/state.json")).json()["clock_offset_seconds"] == -7200
    told = await trying.client.post("/sandbox/switches/set", data={"face": "own", "down": "yes", "slow_ms": ""})
    assert told.status_code == 303
    assert (await trying.client.get("/sandbox/state.json")).json()["switches"][0]["down"] is True
    await signed(trying)
    call = await last_call(trying)
    told = await trying.client.post("/sandbox/compare/told", data={"call": str(call["id"]), "string": "POST\n/x\n"})
    assert told.status_code == 200


def test_production_refuses_a_sandbox() -> None:
    assert any("HEALTHCLOUD_SANDBOX" in fault for fault in production_faults(Settings(production=True, sandbox=True)))


def test_a_shift_moves_a_clock_while_it_runs() -> None:
    shift = Shift()
    clock = Clock(shift=shift)
    before = clock.now()
    shift.by = timedelta(days=1)
    assert clock.now() - before >= timedelta(days=1)
