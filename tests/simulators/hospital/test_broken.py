"""A hospital that breaks a rule is told apart from one that keeps it, rule by rule; what cannot be sent is kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from healthcloud.server.composition import City

Do = Callable[..., Awaitable[dict[str, Any]]]
People = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("face", "rule", "code"),
    [
        ("own", "wrong-clock", "signature-clock"),
        ("own", "wrong-signature", "signature-wrong"),
        ("own", "signs-before-encoding", "signature-wrong"),
        ("family-b", "wrong-clock", "signature-clock"),
        ("family-b", "wrong-signature", "face-signature-wrong"),
        ("family-c", "wrong-clock", "signature-clock"),
        ("family-c", "wrong-signature", "face-signature-wrong"),
    ],
)
async def test_a_broken_request_is_refused(do: Do, people: People, face: str, rule: str, code: str) -> None:
    person = people["no-card"][11]
    told = await do("open-card", face=face, person=person, broken=(rule,))
    assert (told["ok"], told["refused"]) == (False, code), told
    assert (await do("open-card", face=face, person=person, broken=(rule, "ignores-refusal")))["ok"] is True


async def test_a_nonce_is_good_once(do: Do, people: People) -> None:
    broken = ("reuses-nonce",)
    first = await do("open-card", face="family-b", person=people["no-card"][11], broken=broken)
    second = await do("open-card", face="family-b", person=people["no-card"][11], broken=broken)
    assert (first["ok"], second["refused"]) == (True, "signature-replayed")


async def test_twins_are_two(do: Do, people: People) -> None:
    persons = [people["twin-a"][0], people["twin-b"][0]]
    assert (await do("twins", face="family-c", persons=persons))["result"]["apart"] is True


async def test_a_careless_hospital_takes_twins_for_one(do: Do, people: People) -> None:
    persons = [people["twin-a"][0], people["twin-b"][0]]
    careless = await do("twins", face="family-c", persons=persons, broken=("wrong-person-at-twins",))
    assert careless["result"]["apart"] is False


async def test_twice_has_one_effect(do: Do, people: People) -> None:
    once = await do("open-card", face="own", person=people["no-card"][10])
    twice = await do("open-card", face="own", person=people["no-card"][10], broken=("sends-twice",))
    assert twice["result"]["card_id"] == once["result"]["card_id"]


async def test_a_newborn_is_not_its_mother(do: Do, people: People) -> None:
    # Given a mother with a card
    mother = next(one for one in people["no-card"] if one["name"] == people["newborn"][0]["mother"])
    hers = (await do("open-card", face="own", person=mother))["result"]
    # Then her child has a card of its own, unless the hospital files it under her
    asked = {"face": "own", "mother": hers["patient"], "sex": "2", "birth_date": "2026-11-20"}
    child = await do("newborn", **asked)
    assert child["ok"], child
    assert child["result"]["card_id"] not in ("", hers["card_id"])
    broken = await do("newborn", **asked, broken=("registers-newborn-as-mother",))
    assert broken["result"]["card_id"] == hers["card_id"]


async def test_half_of_the_uses_are_missing(do: Do, people: People) -> None:
    person = people["no-card"][10]
    whole = (await do("day", face="family-c", persons=[person], broken=("drops-usage", "does-not-bind")))["result"]
    assert (whole["report"]["uploaded"], whole["bound"]) == (3, 0)


async def test_what_the_platform_could_not_take_is_sent_later(do: Do, people: People) -> None:
    # Given a platform that is away
    person = people["same-name"][0]
    await do("platform-down", down=True)
    kept = await do("open-card", face="family-c", person=person)
    assert (kept["ok"], kept["kept"]) == (False, True)
    assert (await do("open-card", face="family-c", person=person, broken=("loses-queue",)))["kept"] is False
    # When it is back
    await do("platform-down", down=False)
    sent = (await do("send-kept"))["result"]
    # Then everything kept is sent, once
    assert (sent["sent"], sent["left"]) == (1, 0)
    assert sent["results"][0]["result"]["card_id"]
    assert (await do("send-kept"))["result"]["sent"] == 0


async def test_an_answer_with_a_wrong_signature_is_not_believed(do: Do, people: People, url: str, trying: City) -> None:
    # Given a platform whose answers are signed wrongly
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await client.put("/sandbox/switches", json={"wrong_signature": True})
        assert trying.trying is not None
        await trying.trying.renew()
        try:
            # Then neither family believes them
            for face in ("family-b", "family-c"):
                told = await do("open-card", face=face, person=people["no-card"][11])
                assert told.get("refused") == "answer-not-signed", told
        finally:
            await client.post("/sandbox/reset", json={})
            await trying.trying.renew()
