"""Single acts of the hospital: a replay, a wrong clock, a correction, an old number, a foreigner."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

Do = Callable[..., Awaitable[dict[str, Any]]]
People = dict[str, list[dict[str, Any]]]


async def a_patient(do: Do, people: People, face: str, n: int) -> str:
    """File somebody, open their card, and return the hospital's number of them."""
    told = await do("open-card", face=face, person=people["no-card"][n])
    assert told["ok"], told
    return str(told["result"]["patient"])


async def test_a_replay_is_taken_once(do: Do, people: People) -> None:
    told = await do("replay", face="family-b", person=people["no-card"][9])
    assert told["result"] == {"first": "taken", "second": "signature-replayed"}


async def test_a_replay_within_one_act_ends_it(do: Do, people: People) -> None:
    # Our own interface asks twice for a new card, so the second request is the replay.
    told = await do("replay", face="own", person=people["no-card"][9])
    assert (told["ok"], told["refused"]) == (False, "signature-replayed")
    # And afterwards each request has a nonce of its own again.
    assert (await do("open-card", face="own", person=people["no-card"][9]))["ok"]


@pytest.mark.parametrize("face", ["own", "family-b", "family-c"])
async def test_a_clock_far_off_is_refused_and_set_right_again(do: Do, people: People, face: str) -> None:
    person = people["no-card"][9]
    told = await do("skewed-clock", face=face, person=person, seconds=600)
    assert told["result"] == {"told": "signature-clock"}
    # Afterwards the hospital's clock is right.
    assert (await do("open-card", face=face, person=person))["ok"]


@pytest.mark.parametrize("face", ["own", "family-b", "family-c"])
async def test_a_correction_leaves_the_card(do: Do, people: People, face: str) -> None:
    patient = await a_patient(do, people, face, 8)
    told = await do("correct", face=face, patient=patient, phone="13900000008")
    assert told["ok"], told
    assert told["result"]["same_card"] is True


async def test_an_old_number_is_linked_and_found_at_the_next_scan(do: Do, people: People) -> None:
    patient = await a_patient(do, people, "own", 7)
    told = await do("bind-number", face="own", patient=patient, number="OLD-7")
    assert told["result"] == {"bound": "OLD-7"}
    assert (await do("scan", face="own", patient=patient))["result"]["local_number"] == "OLD-7"
    # One that links nothing says so.
    assert (await do("bind-number", face="own", patient=patient, broken=("does-not-bind",)))["result"] == {"bound": ""}


@pytest.mark.parametrize("face", ["own", "family-c"])
async def test_a_foreigner_is_given_a_card(do: Do, people: People, face: str) -> None:
    told = await do("foreigner", face=face, person=people["foreigner"][0])
    assert told["ok"], told
    assert len(told["result"]["card_id"]) == 64
