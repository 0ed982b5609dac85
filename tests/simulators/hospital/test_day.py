"""A hospital's whole day through each way in: it opens cards, scans in every room, links numbers, uploads uses."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

Do = Callable[..., Awaitable[dict[str, Any]]]
People = dict[str, list[dict[str, Any]]]

# Each with citizens of its own.
FACES = {"own": 0, "family-b": 2, "family-c": 4, "tencent": 6, "fhir": 8, "shandong": 10, "hl7": 2}


@pytest.mark.parametrize("face", FACES)
async def test_a_day(do: Do, people: People, url: str, face: str) -> None:
    # Given two people whom the city does not know
    persons = people["no-card"][FACES[face] : FACES[face] + 2]
    # When the hospital lives a day with them
    told = await do("day", face=face, persons=persons)
    # Then each has a card, was seen in five rooms, and every use is accounted for
    assert told["ok"], told
    day = told["result"]
    assert (day["cards"], day["scans"]) == (2, 10)
    assert day["report"]["uploaded"] == 10
    if face in ("shandong", "hl7"):  # which sign nothing
        return
    # And the journal has each call with the string that was signed, the very one the hospital signed
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        calls = (await client.get("/sandbox/calls.json", params={"face": face, "limit": 200})).json()["calls"]
        assert calls
        one = (await client.get(f"/sandbox/calls/{calls[0]['id']}.json")).json()
    assert one["signed"] in {sent["signed"] for sent in told["sent"]}
