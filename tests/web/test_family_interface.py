"""A family through the interface: a mother's newborn and an elder's code, by a browser that is a program's."""

from typing import Any

import httpx
import pytest
from web.households import Resident, bear, code_to, settle

from healthcloud.core.ids import new_id
from healthcloud.server.demonstration.residents import may_be_mother, resident

PEOPLE = "/api/v1/people/me"
UNKNOWN = "01890000-0000-7000-8000-000000000001"


async def sent(one: Resident, path: str, body: Any = None) -> httpx.Response:
    """Send a request with a key of its own."""
    return await one.browser.post(f"{PEOPLE}{path}", json=body, headers={"Idempotency-Key": new_id().hex})


async def asked_for(keeper: Resident, elder: Resident) -> str:
    """Ask to act for somebody; return the path of the grant."""
    document = {"kind": elder.document.kind, "number": elder.document.number}
    body = {"name": elder.form.name, "document": document, "relation": "child", "scopes": ["card"]}
    made = await sent(keeper, "/kept", body)
    assert made.status_code == 201, made.text
    return f"/kept/{made.json()['person_id']}/{made.json()['id']}"


@pytest.fixture(scope="module")
async def keeper(clinic: Any) -> Resident:
    return await settle(clinic, 9)


@pytest.fixture(scope="module")
async def elder(clinic: Any) -> Resident:
    return await settle(clinic, 12)


async def test_a_mother_finds_her_newborn_and_takes_it_on_once(clinic: Any) -> None:
    n = next(n for n in range(20, 500) if may_be_mother(resident(n)) and resident(n).phone)
    mother = await settle(clinic, n)
    child = await bear(clinic, mother)
    [listed] = (await mother.browser.get(f"{PEOPLE}/newborns")).json()
    assert listed["person_id"] == str(child)
    key = {"Idempotency-Key": new_id().hex}
    first, again = [await mother.browser.post(f"{PEOPLE}/newborns/{child}/keeping", headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["relation"]) == ("accepted", "parent")
    assert (await mother.browser.get(f"{PEOPLE}/newborns")).json() == []
    assert (await sent(mother, f"/newborns/{child}/keeping")).json()["code"] == "grant-already-open"


async def test_nobody_takes_on_anothers_newborn(clinic: Any, keeper: Resident) -> None:
    n = [n for n in range(20, 500) if may_be_mother(resident(n)) and resident(n).phone][1]
    child = await bear(clinic, await settle(clinic, n))
    for wanted in (str(child), UNKNOWN):
        refused = await sent(keeper, f"/newborns/{wanted}/keeping")
        assert (refused.status_code, refused.json()["code"]) == (404, "person-not-found")


async def test_an_elder_agrees_by_the_code_that_came_to_their_phone(
    clinic: Any, keeper: Resident, elder: Resident
) -> None:
    grant = await asked_for(keeper, elder)
    told = [await sent(keeper, f"{grant}/codes", {"phone": phone}) for phone in ("16099999999", elder.phone)]
    assert [answer.status_code for answer in told] == [202, 202]
    assert told[0].json() == told[1].json()  # it tells nobody who has which number
    with pytest.raises(LookupError):
        await code_to(clinic, "16099999999")
    code = await code_to(clinic, elder.phone)
    guess = {"phone": elder.phone, "code": "000000" if code != "000000" else "111111"}
    wrong = await sent(keeper, f"{grant}/agreement", guess)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "code-refused")
    agreed = await sent(keeper, f"{grant}/agreement", {"phone": elder.phone, "code": code})
    assert (agreed.status_code, agreed.json()["state"]) == (200, "accepted")
    late = await sent(keeper, f"{grant}/agreement", {"phone": elder.phone, "code": code})
    assert (late.status_code, late.json()["code"]) == (409, "grant-decided")


async def test_only_who_asked_may_have_a_code_sent(clinic: Any, keeper: Resident, elder: Resident) -> None:
    stranger = await settle(clinic, 15)
    grant = await asked_for(stranger, elder)
    for path, body in (("codes", {"phone": elder.phone}), ("agreement", {"phone": elder.phone, "code": "123456"})):
        refused = await sent(keeper, f"{grant}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (404, "grant-not-found")
    unreadable = await sent(stranger, f"{grant}/codes", {"phone": "not a phone"})
    assert unreadable.status_code == 422
