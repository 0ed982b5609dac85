"""A printed code proves nothing alone: the step's rule names a second fact, and wrong ones cannot be guessed."""

from datetime import timedelta

import pytest
from cards.scanning import CARDS, PHARMACY, Holder, Town, manager, said
from people.makers import a_woman, at_birth, checked, face_of, register

from healthcloud.core.ids import new_id


async def printed(town: Town, holder: Holder) -> str:
    answer = await town.act(holder, "/printed-code")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["text"])


async def name_of(town: Town, holder: Holder) -> str:
    return (await face_of(town.database, holder.person_id)).face.name


async def digits_of(town: Town, holder: Holder) -> str:
    return (await face_of(town.database, holder.person_id)).face.document_number[-4:]


async def test_a_printed_code_has_the_five_segment_form_and_needs_a_second_fact(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    assert code == holder.card.number + ":1:::"
    refused = await town.scan(code)
    assert (refused.status_code, said(refused)) == (422, "second-fact-required")
    assert refused.json()["facts"] == "face last-digits name"
    assert "person" not in refused.json()
    assert await town.uses(holder) == []


@pytest.mark.parametrize("form", ["{}:1:::", "{}", "{}:1", "{}:1::5100A0013"])
async def test_every_printed_form_is_taken_with_the_right_name(town: Town, form: str) -> None:
    holder = await town.holder()
    code = form.format(holder.card.number)
    fact = {"kind": "name", "value": f" {await name_of(town, holder)} "}
    assert said(await town.scan(code, second_fact=fact)) == "taken"
    assert said(await town.scan(code, second_fact=fact)) == "repeat"
    assert [use["printed"] for use in await town.uses(holder)] == [True]


async def test_last_digits_and_a_compared_face_are_second_facts_too(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    digits = (await digits_of(town, holder)).lower()
    assert said(await town.scan(code, second_fact={"kind": "last-digits", "value": digits})) == "taken"
    town.advance(minutes=1)
    assert said(await town.scan(code, second_fact={"kind": "face"})) == "taken"
    # Paper shows no minute, so another hospital is no replay.
    assert said(await town.scan(code, town.there, second_fact={"kind": "face"})) == "taken"
    assert len(await town.uses(holder)) == 3


async def test_where_drugs_are_fetched_a_name_alone_does_not_do(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    by_name = {"kind": "name", "value": await name_of(town, holder)}
    refused = await town.scan(code, scene=PHARMACY, second_fact=by_name)
    assert said(refused) == "second-fact-required"
    assert refused.json()["facts"] == "face last-digits"
    by_digits = {"kind": "last-digits", "value": await digits_of(town, holder)}
    assert said(await town.scan(code, scene=PHARMACY, second_fact=by_digits)) == "taken"


async def test_the_city_may_change_the_rule_of_a_step(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    headers = town.callers.header(manager())
    changed = await town.http.put(f"{CARDS}/second-facts/010108", json={"facts": ["face"]}, headers=headers)
    assert changed.status_code == 204, changed.text
    by_name = {"kind": "name", "value": await name_of(town, holder)}
    assert said(await town.scan(code, scene="010108", second_fact=by_name)) == "second-fact-required"
    unknown = await town.http.put(f"{CARDS}/second-facts/999999", json={"facts": ["face"]}, headers=headers)
    assert unknown.json()["code"] == "scene-unknown"


async def test_wrong_facts_lock_the_printed_code_for_an_hour_and_the_owner_reads_them(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    right = {"kind": "name", "value": await name_of(town, holder)}
    wrong = {"kind": "last-digits", "value": "0000"}
    for _ in range(5):
        assert said(await town.scan(code, second_fact=wrong)) == "second-fact-wrong"
    locked = await town.scan(code, second_fact=right)
    assert (locked.status_code, said(locked)) == (429, "second-fact-locked")
    assert locked.headers["Retry-After"] == "3600"
    # A dynamic code needs no second fact and is not locked.
    assert said(await town.scan(await town.shown(holder))) == "taken"
    town.advance(hours=1, seconds=1)
    assert said(await town.scan(code, second_fact=right)) == "taken"


async def test_a_card_nobody_has_is_not_told_from_one_without_a_code(town: Town) -> None:
    unknown = await town.scan("AB" * 32 + ":1:::", second_fact={"kind": "face"})
    assert (unknown.status_code, said(unknown)) == (404, "card-unknown")


async def test_a_frozen_printed_card_is_refused_before_anything_is_asked(town: Town) -> None:
    holder = await town.holder()
    code = await printed(town, holder)
    await town.act(holder, "/freeze")
    assert said(await town.scan(code)) == "card-frozen"
    assert (await town.act(holder, "/printed-code")).json()["code"] == "card-not-usable"


async def test_a_newborn_has_a_card_and_a_printed_code_and_converts_keeping_the_id(town: Town) -> None:
    mother = await a_woman(town.database)
    clerk = manager("people.register", "cards.issue", "cards.manage", institution_id=town.here.id)
    born = town.now - timedelta(days=2)
    birth = at_birth(mother, born)
    child = await register(town.database, checked(name=None, sex="1", documents=(), birth=birth), caller=clerk)
    standard = await town.act(clerk, "", {"person_id": str(child.person_id)})
    assert standard.json()["code"] == "real-name-needed"
    issued = await town.act(clerk, "", {"person_id": str(child.person_id), "kind": "newborn"})
    assert issued.status_code == 201, issued.text
    card = issued.json()["card"]
    told = await town.scan(card["card_id"] + ":1:::", second_fact={"kind": "face"})
    assert told.json()["card"]["kind"] == "newborn"
    assert "newborn-card" in told.json()["warnings"]
    refused = await town.act(clerk, "/convert", {"person_id": str(child.person_id)})
    assert refused.json()["code"] == "real-name-needed"


async def test_only_who_manages_cards_prints_for_others(town: Town) -> None:
    holder, other = await town.holder(), await town.holder()
    stolen = await town.act(other, "/printed-code", {"person_id": str(holder.person_id)})
    assert (stolen.status_code, stolen.json()["code"]) == (404, "card-not-found")
    nobody = await town.act(other, "/printed-code", {"person_id": str(new_id())})
    assert nobody.json()["title"] == stolen.json()["title"]
    by_staff = await town.act(manager(), "/printed-code", {"person_id": str(holder.person_id)})
    assert by_staff.json()["text"] == holder.card.number + ":1:::"
