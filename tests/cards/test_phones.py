"""Phones that make codes with no network: enrolled by the card's own resident, removed at once, five at most."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cards.scanning import CARDS, Holder, Town, manager, said
from people.makers import DECLARED, checked

from healthcloud import cards, channels, people
from healthcloud.cards.phones.errors import PhonesFull, SlotsSpent
from healthcloud.cards.phones.model import LAST_SLOT, SPENT_EPOCH, Phone, next_place
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud_reader import PERIOD_STEPS, DynamicCode, make_token, period_of, step_at


async def enrolled(town: Town, holder: Holder, label: str = "我的手机") -> dict[str, Any]:
    answer = await town.act(holder, "/phones", {"label": label})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def remove(town: Town, holder: Holder | Caller, phone_id: object) -> int:
    caller = holder.caller if isinstance(holder, Holder) else holder
    answer = await town.http.delete(f"{CARDS}/phones/{phone_id}", headers=town.callers.header(caller))
    return answer.status_code


async def test_a_phone_makes_codes_from_the_secrets_it_was_given(town: Town) -> None:
    holder = await town.holder()
    phone = await enrolled(town, holder)
    now, coming = phone["secrets"]
    step = step_at(town.now)
    assert (now["period"], coming["period"]) == (period_of(step), period_of(step) + 1)
    assert phone["algorithm"] == "HMAC-SHA-256"
    token = make_token(bytes.fromhex(now["secret"]), holder.card.id, phone["slot"], 0, step)
    assert said(await town.scan(DynamicCode(holder.card.id, token).text)) == "taken"


async def test_a_phone_that_missed_the_new_period_is_still_taken(town: Town) -> None:
    holder = await town.holder()
    town.stand_at(datetime.fromtimestamp((period_of(step_at(town.now)) + 1) * PERIOD_STEPS * 60 + 5, UTC))
    phone = await enrolled(town, holder)
    old = town.code(holder.card, slot=phone["slot"], epoch=0, age=1)
    assert said(await town.scan(old)) == "taken"
    older = town.code(holder.card, slot=phone["slot"], epoch=0, age=2)
    assert said(await town.scan(older)) == "code-forged"


async def test_the_page_s_code_and_a_phone_s_code_of_one_minute_are_two(town: Town) -> None:
    holder = await town.holder()
    phone = await enrolled(town, holder)
    assert said(await town.scan(await town.shown(holder))) == "taken"
    assert said(await town.scan(town.code(holder.card, slot=phone["slot"], epoch=0), town.there)) == "taken"


async def test_five_phones_at_most_also_in_a_race(town: Town) -> None:
    holder = await town.holder()
    answers = await asyncio.gather(*(town.act(holder, "/phones", {"label": f"手机{n}"}) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 3
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"phones-full"}
    shown = (await town.look(holder, "/phones")).json()
    assert len(shown) == 5
    assert await remove(town, holder, shown[0]["id"]) == 204
    again = await enrolled(town, holder)
    # The number of a slot is given again, never with an epoch it had.
    assert again["epoch"] == 1


async def test_a_removed_phone_s_secrets_are_not_given_again(town: Town) -> None:
    holder = await town.holder()
    phone = await enrolled(town, holder)
    path = f"/phones/{phone['phone_id']}/secrets"
    assert (await town.look(holder, path)).json()["secrets"] == phone["secrets"]
    other = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=holder.person_id)
    assert (await town.look(other, path)).json()["code"] == "phone-not-found"
    assert await remove(town, holder, phone["phone_id"]) == 204
    assert await remove(town, holder, phone["phone_id"]) == 404
    assert (await town.look(holder, path)).json()["code"] == "phone-not-found"


async def test_enrolling_needs_a_real_name_a_normal_card_and_its_own_resident(town: Town) -> None:
    holder = await town.holder()
    assert (await town.act(manager(), "/phones", {"label": "x"})).status_code == 403
    stranger = await town.holder()
    body = {"label": "x", "person_id": str(holder.person_id)}
    assert (await town.act(stranger, "/phones", body)).json()["code"] == "card-not-found"
    assert (await town.act(holder, "/phones", {"label": "我的 138 0000 0000"})).json()["code"] == "phone-label"
    await town.act(holder, "/freeze")
    assert (await town.act(holder, "/phones", {"label": "x"})).json()["code"] == "card-not-usable"
    declared = await town.person(verification=DECLARED)
    until = town.now.replace(microsecond=0)
    temporary = {
        "person_id": str(declared),
        "kind": "temporary",
        "deadline": until.replace(year=until.year).isoformat(),
    }
    temporary["deadline"] = datetime.fromtimestamp(until.timestamp() + 86400, UTC).isoformat()
    assert (await town.act(manager(), "", temporary)).status_code == 201
    resident = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=declared)
    assert (await town.act(resident, "/phones", {"label": "x"})).json()["code"] == "real-name-needed"


async def test_a_cancelled_card_loses_its_phones(town: Town) -> None:
    holder = await town.holder()
    phone = await enrolled(town, holder)
    await town.act(holder, "/cancel")
    await town.act(holder, "")
    assert (await town.look(holder, "/phones")).json() == []
    assert said(await town.scan(town.code(holder.card, slot=phone["slot"], epoch=0))) == "phone-removed"


async def test_an_account_that_is_detached_loses_the_phones_it_enrolled(town: Town) -> None:
    holder = await town.holder()
    await enrolled(town, holder)
    other = replace(holder, caller=replace(holder.caller, account_id=new_id()))
    kept = await enrolled(town, other, "家人的手机")
    await town.database.transact(
        lambda tx: tx.announce(people.events.AccountDetached(holder.person_id, holder.caller.account_id))
    )
    await town.settle_events()
    assert [one["id"] for one in (await town.look(holder, "/phones")).json()] == [kept["phone_id"]]


async def test_the_holder_s_own_number_is_told_of_each_phone(town: Town) -> None:
    holder = await town.holder(await town.person(registration=checked(phone="13800000000")))
    phone = await enrolled(town, holder)
    await town.settle_events()
    async with town.database.read() as read:
        told = await channels.store.text(read, UUID(phone["phone_id"]))
    assert told is not None
    assert told.address_shown == "138****0000"


async def test_a_keeper_whose_grant_ends_loses_the_phones_they_enrolled(town: Town) -> None:
    holder, keeper = await town.holder(), new_id()
    phone = await enrolled(town, holder)
    async with town.database.read() as read:
        card = await cards.card_of(read, holder.person_id)
    assert card is not None
    await town.database.transact(
        lambda tx: tx.run("UPDATE cards.slots SET keeper_id = $2 WHERE card_id = $1", card.id, keeper)
    )
    await town.database.transact(
        lambda tx: tx.announce(people.events.GrantEnded(holder.person_id, keeper, new_id(), "withdrawn"))
    )
    await town.settle_events()
    assert (await town.look(holder, "/phones")).json() == []
    assert await remove(town, holder, phone["phone_id"]) == 404


def phone(slot: int, epoch: int, *, removed: bool) -> Phone:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Phone(b"c" * 32, slot, UUID(int=slot), epoch, "x", UUID(int=1), UUID(int=2), at, at if removed else None)


def test_a_spent_slot_is_retired() -> None:
    assert next_place([], 5) == (1, 0)
    assert next_place([phone(1, 7, removed=True)], 5) == (1, 7)
    assert next_place([phone(1, SPENT_EPOCH, removed=True)], 5) == (2, 0)
    with pytest.raises(PhonesFull):
        next_place([phone(n, 0, removed=False) for n in range(1, 6)], 5)
    with pytest.raises(SlotsSpent):
        next_place([phone(n, SPENT_EPOCH, removed=True) for n in range(1, LAST_SLOT + 1)], 5)
