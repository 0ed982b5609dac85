"""A code that a phone signed, scanned where there is a network: used, repeated and refused as any phone's code."""

from datetime import timedelta

import pytest
from cards.offline.phones import new_key, own_phone
from cards.scanning import BATCH, REGISTRATION, Town, said


async def test_it_is_taken_and_repeated_and_one_institution_s(town: Town) -> None:
    phone = await own_phone(town)
    code = phone.code()
    first = await town.scan(code)
    assert said(first) == "taken"
    assert first.json()["card"]["id"] == phone.holder.card.number
    assert said(await town.scan(code)) == "repeat"
    assert said(await town.scan(code, town.there)) == "code-replayed"


async def test_the_dynamic_and_the_signed_code_of_one_minute_are_one_use(town: Town) -> None:
    phone = await own_phone(town)
    dynamic = town.code(phone.holder.card, slot=phone.slot, epoch=0)
    assert said(await town.scan(dynamic)) == "taken"
    assert said(await town.scan(phone.code())) == "repeat"
    assert len(await town.uses(phone.holder)) == 1


@pytest.mark.parametrize(
    ("step", "said_so"), [(-1, "taken"), (1, "taken"), (-5, "clock-off"), (5, "clock-off"), (-200, "code-expired")]
)
async def test_a_code_of_another_minute(town: Town, step: int, said_so: str) -> None:
    phone = await own_phone(town)
    assert said(await town.scan(phone.code(step))) == said_so


async def test_what_nobody_of_this_city_signed(town: Town) -> None:
    phone = await own_phone(town)
    assert said(await town.scan(phone.code(key=new_key()))) == "code-signature-wrong"
    text = phone.code()
    assert said(await town.scan(text[:40] + ("A" if text[40] != "A" else "B") + text[41:])) in {
        "code-signature-wrong",
        "code-unreadable",
        "city-key-unknown",
    }


async def test_a_certificate_that_has_run_out(town: Town) -> None:
    phone = await own_phone(town)
    town.stand_at(town.now + timedelta(days=7, minutes=1))
    assert said(await town.scan(phone.code())) == "certificate-expired"
    assert said(await town.scan((await phone.certified()).code())) == "taken"


async def test_a_stopped_card_and_a_removed_phone_are_refused_at_once(town: Town) -> None:
    phone = await own_phone(town)
    other = await own_phone(town, phone.holder, "另一部")
    await town.http.delete(f"/api/v1/cards/phones/{other.id}", headers=town.callers.header(phone.holder.caller))
    assert said(await town.scan(other.code())) == "phone-removed"
    await town.act(phone.holder, "/freeze")
    assert said(await town.scan(phone.code())) == "card-frozen"


async def test_many_at_once(town: Town) -> None:
    phones = [await own_phone(town) for _ in range(3)]
    codes = [phone.code() for phone in phones] + [phones[0].code(key=new_key()), "EHC1:ABC"]
    answer = await town.signed(
        town.here, BATCH, {"codes": codes, "scene": REGISTRATION, "terminal": str(town.here.window)}
    )
    results = answer.json()["results"]
    assert [one["status"] for one in results] == ["valid"] * 3 + ["refused"] * 2
    assert [one["problem"]["code"] for one in results[3:]] == ["code-signature-wrong", "code-unreadable"]
