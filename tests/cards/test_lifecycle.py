"""A card's life: one per person, however asked for; frozen, cancelled, restored, taken back, converted, aliased."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from cards.scanning import CARDS, Town, count, manager, said
from people.makers import DECLARED, SEEN, checked, register

from healthcloud import audit, cards, people
from healthcloud.cards.errors import ChangeImpossible
from healthcloud.cards.model import TRANSITIONS, CardStatus, Change, status_after
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people.accounts import store as accounts


async def test_applying_again_gives_the_card_there_is(town: Town) -> None:
    holder = await town.holder()
    again = await town.act(holder, "")
    assert again.status_code == 201
    assert again.json()["outcome"] == "existing"
    assert again.json()["card"]["card_id"] == holder.card.number
    assert (await town.look(holder, "/mine")).json()["status"] == CardStatus.NORMAL


async def test_eight_desks_at_once_make_one_card(town: Town, owner_url: str) -> None:
    person_id = await town.person()
    desks = [manager("cards.issue", institution_id=new_id()) for _ in range(8)]
    answers = await asyncio.gather(*(town.act(desk, "", {"person_id": str(person_id)}) for desk in desks))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["card"]["card_id"] for answer in answers}) == 1
    assert sorted(answer.json()["outcome"] for answer in answers) == ["existing"] * 7 + ["issued"]
    assert await count(owner_url, "cards.cards", person_id=person_id) == 1


async def test_the_same_request_with_the_same_key_is_carried_out_once(town: Town) -> None:
    caller = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=await town.person())
    first, second = (await town.act(caller, "", key="a-key-of-mine"), await town.act(caller, "", key="a-key-of-mine"))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    missing = await town.http.post(CARDS, json={}, headers=town.callers.header(caller))
    assert missing.json()["code"] == "idempotency-key-missing"


async def test_a_declared_name_gets_no_standard_card_and_a_temporary_one_at_a_desk(town: Town) -> None:
    person_id = await town.person(verification=DECLARED)
    resident = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=person_id)
    assert (await town.act(resident, "")).json()["code"] == "real-name-needed"
    until = (town.now + timedelta(days=3)).isoformat()
    temporary = {"person_id": str(person_id), "kind": "temporary", "deadline": until}
    assert (await town.act(resident, "", temporary)).status_code == 403
    for wrong in ({}, {"deadline": (town.now + timedelta(days=91)).isoformat()}, {"deadline": town.now.isoformat()}):
        refused = await town.act(manager(), "", {"person_id": str(person_id), "kind": "temporary"} | wrong)
        assert refused.json()["code"] == "deadline-wrong"
    issued = await town.act(manager(), "", temporary)
    assert issued.json()["outcome"] == "issued", issued.text
    async with town.database.read() as read:
        card = await cards.card_of(read, person_id)
    assert card is not None
    told = (await town.scan(town.code(card))).json()
    assert set(told["warnings"]) == {"temporary-card", "level-declared"}
    town.advance(days=3, seconds=1)
    assert said(await town.scan(town.code(card))) == "card-expired"
    assert (await town.look(resident, "/code")).json()["code"] == "card-not-usable"
    await register_again(town, person_id)


async def register_again(town: Town, person_id: object) -> None:
    """Nothing of the expired card stands in the way of a standard one."""
    refused = await town.act(manager(), "/convert", {"person_id": str(person_id)})
    assert refused.json()["code"] == "real-name-needed"


async def test_a_temporary_card_converts_to_a_standard_one_with_the_same_id(town: Town) -> None:
    registration = checked()
    person_id = await town.person(verification=DECLARED, registration=registration)
    until = (town.now + timedelta(days=3)).isoformat()
    desk = manager()
    issued = await town.act(desk, "", {"person_id": str(person_id), "kind": "temporary", "deadline": until})
    early = await town.act(desk, "", {"person_id": str(person_id)})
    assert early.json()["outcome"] == "existing"
    await register(town.database, registration, verification=SEEN)
    converted = await town.act(desk, "/convert", {"person_id": str(person_id)})
    assert converted.status_code == 201, converted.text
    assert converted.json()["card_id"] == issued.json()["card"]["card_id"]
    assert (converted.json()["kind"], converted.json()["deadline"]) == ("standard", None)


async def test_applying_with_a_real_name_converts_a_temporary_card(town: Town) -> None:
    registration = checked()
    person_id = await town.person(verification=DECLARED, registration=registration)
    until = (town.now + timedelta(days=3)).isoformat()
    desk, whose = manager(), {"person_id": str(person_id)}
    issued = await town.act(desk, "", whose | {"kind": "temporary", "deadline": until})
    await register(town.database, registration, verification=SEEN)
    applied = (await town.act(desk, "", whose)).json()
    assert (applied["outcome"], applied["card"]["kind"]) == ("converted", "standard")
    assert applied["card"]["card_id"] == issued.json()["card"]["card_id"]


async def test_a_cancelled_card_is_restored_with_the_same_id_by_applying(town: Town) -> None:
    holder = await town.holder()
    assert (await town.act(holder, "/cancel")).json()["status"] == CardStatus.CANCELLED
    assert (await town.act(holder, "/freeze")).json()["code"] == "card-change-impossible"
    restored = await town.act(holder, "")
    assert restored.json()["outcome"] == "restored"
    assert restored.json()["card"]["card_id"] == holder.card.number
    assert said(await town.scan(await town.shown(holder))) == "taken"


async def test_a_resident_unfreezes_only_after_being_verified_again(town: Town) -> None:
    registration = checked()
    holder = await town.holder(await town.person(registration=registration))
    frozen = await town.act(holder, "/freeze", {"reason": "risk"})
    assert (frozen.json()["status"], frozen.json()["reason"]) == (CardStatus.FROZEN, "lost")
    assert (await town.act(holder, "")).json()["outcome"] == "existing"
    assert (await town.act(holder, "/unfreeze")).json()["code"] == "verify-again"
    await verified_again(town, holder.caller, registration)
    unfrozen = await town.act(holder, "/unfreeze")
    assert unfrozen.status_code == 201, unfrozen.text
    assert (unfrozen.json()["status"], unfrozen.json()["reason"]) == (CardStatus.NORMAL, None)


async def verified_again(town: Town, caller: Caller, registration: people.Registration) -> None:
    """Have a resident's account verified against the registry once more."""
    checked_now = people.Verification(people.Level.REGISTRY, "registry")

    async def claim(tx: Transaction) -> None:
        assert caller.person_id is not None
        await accounts.tie_account(tx, caller.account_id, caller.person_id, tx.clock.now())
        await people.accounts.claim_own_person(tx, caller, registration, checked_now, people.Policy())

    await town.database.transact(claim)


async def test_a_card_stopped_for_a_risk_is_unfrozen_by_staff_only(town: Town) -> None:
    registration = checked()
    holder = await town.holder(await town.person(registration=registration))
    desk, whose = manager(), {"person_id": str(holder.person_id)}
    assert (await town.act(desk, "/freeze", whose | {"reason": "risk"})).json()["reason"] == "risk"
    await verified_again(town, holder.caller, registration)
    assert (await town.act(holder, "/unfreeze")).json()["code"] == "verify-again"
    assert (await town.act(desk, "/unfreeze", whose)).json()["status"] == CardStatus.NORMAL


async def test_a_prepared_card_is_refused_until_its_holder_activates_it(town: Town) -> None:
    people_ids = [await town.person() for _ in range(3)]
    made = await town.act(manager(), "/prepare", {"person_ids": [str(one) for one in people_ids]})
    assert made.json() == {"prepared": 3}
    assert (await town.act(manager(), "/prepare", {"person_ids": [str(people_ids[0])]})).json() == {"prepared": 0}
    async with town.database.read() as read:
        card = await cards.card_of(read, people_ids[0])
    assert card is not None
    assert said(await town.scan(town.code(card))) == "card-not-active"
    holder = await town.holder(people_ids[0])
    assert holder.card.id == card.id
    assert said(await town.scan(town.code(card))) == "taken"


async def test_a_card_opened_for_the_wrong_person_is_taken_back_for_good(town: Town) -> None:
    holder = await town.holder()
    assert said(await town.scan(await town.shown(holder))) == "taken"
    whose = {"person_id": str(holder.person_id)}
    assert (await town.act(manager("cards.issue"), "/take-back", whose)).status_code == 403
    taken = await town.act(manager(), "/take-back", whose)
    assert taken.json()["reason"] == "taken-back"
    assert said(await town.scan(town.code(holder.card, epoch=1))) == "card-cancelled"
    fresh = await town.act(holder, "")
    assert fresh.json()["outcome"] == "issued"
    assert fresh.json()["card"]["card_id"] != holder.card.number


async def test_the_dead_have_no_card_and_one_declared_dead_in_error_gets_it_back(town: Town) -> None:
    holder = await town.holder()
    staff = manager()
    await town.database.transact(
        lambda tx: people.record_death(tx, staff, holder.person_id, town.now.date(), "死亡医学证明")
    )
    await town.settle_events()
    refused = await town.act(manager(), "", {"person_id": str(holder.person_id)})
    assert refused.json()["code"] == "card-holder-gone"
    await town.database.transact(lambda tx: people.undo_death(tx, staff, holder.person_id, "误登", people.Policy()))
    await town.settle_events()
    shown = (await town.look(holder, "/mine")).json()
    assert (shown["status"], shown["card_id"]) == (CardStatus.NORMAL, holder.card.number)


async def test_a_withdrawn_registration_ends_its_card_for_good(town: Town) -> None:
    holder = await town.holder()
    code = await town.shown(holder)
    await town.database.transact(lambda tx: people.withdraw_person(tx, manager(), holder.person_id, "误登"))
    assert said(await town.scan(code)) == "holder-withdrawn"
    await town.settle_events()
    assert said(await town.scan(code)) == "holder-withdrawn"
    assert (await town.look(manager(), "/mine", person_id=str(holder.person_id))).status_code == 404


async def test_an_old_card_id_shows_the_card_it_stands_for(town: Town) -> None:
    holder = await town.holder()
    old = bytes(range(32))
    wish = {"old_card_id": old.hex().upper(), "card_id": holder.card.number}
    assert (await town.act(manager(), "/aliases", wish)).status_code == 201
    assert (await town.act(manager(), "/aliases", wish)).status_code == 201
    told = (await town.scan(old.hex().upper() + ":1:::", second_fact={"kind": "face"})).json()
    assert told["card"] == {"id": holder.card.number, "kind": "standard", "alias": old.hex().upper(), "deadline": None}
    assert told["warnings"] == ["alias"]
    assert len(await town.uses(holder)) == 1
    await town.act(holder, "/freeze")
    assert said(await town.scan(old.hex().upper() + ":1:::", second_fact={"kind": "face"})) == "card-frozen"
    itself = {"old_card_id": holder.card.number, "card_id": holder.card.number}
    assert (await town.act(manager(), "/aliases", itself)).json()["code"] == "alias-impossible"
    chained = {"old_card_id": holder.card.number, "card_id": old.hex().upper()}
    assert (await town.act(manager(), "/aliases", chained)).json()["code"] == "alias-impossible"


async def test_of_two_cards_of_one_person_the_later_stands_for_the_earlier_until_the_merge_is_undone(
    town: Town,
) -> None:
    earlier, later = await town.holder(), await town.holder()
    await town.database.transact(
        lambda tx: people.merge_persons(tx, SYSTEM, later.person_id, earlier.person_id, "同一人")
    )
    await town.settle_events()
    told = (await town.scan(town.code(later.card))).json()
    assert told["card"]["id"] == earlier.card.number
    assert told["card"]["alias"] == later.card.number
    assert told["person"]["id"] == str(earlier.person_id)
    assert (await town.look(later, "/mine")).json()["card_id"] == earlier.card.number
    await town.act(earlier, "/freeze")
    assert said(await town.scan(town.code(later.card))) == "card-frozen"
    await town.act(manager(), "/unfreeze", {"person_id": str(earlier.person_id)})
    await town.database.transact(lambda tx: people.unmerge_persons(tx, SYSTEM, later.person_id))
    await town.settle_events()
    assert (await town.look(later, "/mine")).json()["card_id"] == later.card.number
    assert (await town.look(earlier, "/mine")).json()["card_id"] == earlier.card.number


def test_only_the_transitions_of_the_standard_exist() -> None:
    allowed = {(c, s): after for c, steps in TRANSITIONS.items() for s, after in steps.items()}
    for what, status in itertools.product(Change, CardStatus):
        if what is Change.ALIAS:
            continue
        if (what, status) in allowed:
            assert status_after(what, status) is allowed[what, status]
        else:
            with pytest.raises(ChangeImpossible):
                status_after(what, status)
    assert status_after(Change.ISSUE, CardStatus.UNISSUED) is CardStatus.NORMAL
    assert status_after(Change.ACTIVATE, CardStatus.PREPARED) is CardStatus.NORMAL
    assert status_after(Change.RESTORE, CardStatus.CANCELLED) is CardStatus.NORMAL


async def test_a_card_id_tells_nothing_of_its_holder(town: Town) -> None:
    ids = {(await town.holder()).card.id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(one) == 32 for one in ids)
    strategy = cards.ports.RANDOM_CARD_IDS
    same = new_id()
    assert strategy.new_card_id(same) != strategy.new_card_id(same)


async def test_every_change_is_a_line_its_holder_reads_and_a_row_of_history(town: Town, owner_url: str) -> None:
    holder = await town.holder()
    await town.act(holder, "/freeze")
    await town.act(manager(), "/unfreeze", {"person_id": str(holder.person_id)})
    await town.act(holder, "/cancel")
    await town.act(holder, "")
    async with town.database.read() as read:
        told = [one.deed for one in await audit.deeds_about(read, [holder.person_id]) if one.deed.startswith("cards.")]
    assert told == ["cards.restored", "cards.cancelled", "cards.unfrozen", "cards.frozen", "cards.issued"]
    assert await count(owner_url, "cards.history", card_id=holder.card.id) == 5


async def test_a_keeper_acts_under_a_grant_and_nobody_else_does(town: Town) -> None:
    holder, keeper = await town.holder(), await town.holder()
    whose = {"person_id": str(holder.person_id)}
    assert (await town.look(keeper, "/code", **whose)).json()["code"] == "card-not-found"
    await granted(town, keeper.person_id, holder.person_id)
    assert (await town.look(keeper, "/code", **whose)).status_code == 200
    read = await town.look(keeper, "/uses", **whose)
    assert read.json()["items"] == []
    assert (await town.act(keeper, "/freeze", whose)).status_code == 201
    async with town.database.read() as connection:
        told = [one.deed for one in await audit.deeds_about(connection, [holder.person_id])]
    assert "cards.uses-read" in told


async def granted(town: Town, keeper_id: object, person_id: object) -> None:
    """Write an accepted grant in the card's matters; how it comes about is people's affair."""
    now = town.now
    grant_id = new_id()

    async def write(tx: object) -> None:
        await tx.run(  # type: ignore[attr-defined]  # a Transaction
            """
            INSERT INTO people.grants (person_id, id, keeper_id, relation, scopes, state, asked_at, until, decided_at)
            VALUES ($1, $2, $3, 'carer', ARRAY['card'], 'accepted', $4, NULL, $4)
            """,
            person_id,
            grant_id,
            keeper_id,
            now,
        )
        await tx.run(  # type: ignore[attr-defined]  # as above
            "INSERT INTO people.keepers (keeper_id, person_id, grant_id) VALUES ($1, $2, $3)",
            keeper_id,
            person_id,
            grant_id,
        )

    await town.database.transact(write)
