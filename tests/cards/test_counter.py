"""A clerk's hands on a card: printing it, freezing it for who stands there, taking back what was opened wrongly."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from cards.scanning import Town, manager
from people.makers import checked

from healthcloud import audit, cards, people
from healthcloud.cards.counter import NotOpenedHere
from healthcloud.cards.errors import CardNotFound, CardNotUsable
from healthcloud.cards.model import CardStatus, Why
from healthcloud.cards.verification.errors import TerminalUnbound
from healthcloud.core.caller import Caller
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.people.errors import PersonNotFound

CLERK = ("cards.verify", "cards.issue", "people.register", "people.open")


async def _opened(town: Town, clerk: Caller, registration: people.Registration | None = None) -> UUID:
    person_id = await town.person(registration=registration)
    await town.database.transact(lambda tx: cards.apply(tx, clerk, cards.Application(person_id)))
    return person_id


async def _deeds(town: Town, person_id: UUID) -> list[str]:
    async with town.database.read() as read:
        return [one.deed for one in await audit.deeds_about(read, [person_id])]


async def test_a_clerk_prints_the_code_of_who_is_there_and_they_can_read_it(town: Town) -> None:
    clerk = manager(*CLERK, institution_id=new_id())
    person_id = await _opened(town, clerk)
    printed = await town.database.transact(lambda tx: cards.counter.print_at_counter(tx, clerk, person_id))
    assert printed.text.endswith(":1:::")
    assert "cards.code-printed" in await _deeds(town, person_id)
    doctor = manager("cards.verify", institution_id=clerk.institution_id)
    with pytest.raises(Forbidden):
        await town.database.transact(lambda tx: cards.counter.print_at_counter(tx, doctor, person_id))
    nobody = await town.person()
    with pytest.raises(CardNotFound):
        await town.database.transact(lambda tx: cards.counter.print_at_counter(tx, clerk, nobody))


async def test_a_card_is_frozen_for_who_shows_its_holders_document(town: Town) -> None:
    clerk, registration = manager(*CLERK, institution_id=new_id()), checked()
    person_id = await _opened(town, clerk, registration)
    shown = people.DocumentForm("01", registration.documents[0].number)
    card = await town.database.transact(lambda tx: cards.counter.freeze_shown(tx, clerk, shown))
    assert (card.person_id, card.status, card.reason) == (person_id, CardStatus.FROZEN, "lost")
    assert {"people.looked-up", "cards.frozen"} <= set(await _deeds(town, person_id))
    with pytest.raises(CardNotUsable):
        await town.database.transact(lambda tx: cards.counter.print_at_counter(tx, clerk, person_id))
    stranger = people.DocumentForm("01", checked().documents[0].number)
    with pytest.raises(PersonNotFound):
        await town.database.transact(lambda tx: cards.counter.freeze_shown(tx, clerk, stranger))


async def test_a_clerk_who_sees_the_holder_unfreezes_a_lost_card_but_none_stopped_for_a_risk(town: Town) -> None:
    clerk, registration = manager(*CLERK, institution_id=new_id()), checked()
    person_id = await _opened(town, clerk, registration)
    shown = people.DocumentForm("01", registration.documents[0].number)
    transact = town.database.transact
    await transact(lambda tx: cards.counter.freeze_shown(tx, clerk, shown))
    card = await transact(lambda tx: cards.counter.unfreeze_shown(tx, clerk, shown))
    assert card.status == CardStatus.NORMAL
    await transact(lambda tx: cards.freeze(tx, manager(), person_id, Why.RISK))
    with pytest.raises(Forbidden):
        await transact(lambda tx: cards.counter.unfreeze_shown(tx, clerk, shown))


async def test_a_counter_takes_back_only_what_it_opened_itself_and_only_for_a_day(town: Town) -> None:
    clerk, other = manager(*CLERK, institution_id=new_id()), manager(*CLERK, institution_id=new_id())
    person_id = await _opened(town, clerk)
    with pytest.raises(NotOpenedHere):
        await town.database.transact(lambda tx: cards.counter.take_back_own(tx, other, person_id))
    card = await town.database.transact(lambda tx: cards.counter.take_back_own(tx, clerk, person_id))
    assert (card.status, card.reason) == (CardStatus.CANCELLED, "taken-back")
    applied = await town.database.transact(lambda tx: cards.apply(tx, clerk, cards.Application(person_id)))
    assert applied.card.id != card.id
    town.stand_at(town.now + timedelta(days=1, minutes=1))
    with pytest.raises(NotOpenedHere):
        await town.database.transact(lambda tx: cards.counter.take_back_own(tx, clerk, person_id))


async def test_a_desk_shows_its_own_last_ten_scans_of_half_a_day(town: Town) -> None:
    clerk = replace(manager(*CLERK, institution_id=new_id()), terminal_id=new_id())
    person_id = await town.person()
    for _ in range(11):
        await town.database.transact(lambda tx: cards.desk.keep_scan(tx, clerk, "code-forged"))
    await town.database.transact(lambda tx: cards.desk.keep_scan(tx, clerk, "taken", person_id))
    async with town.database.read() as read:
        lines = await cards.desk.last_scans(read, clerk)
        elsewhere = await cards.desk.last_scans(read, replace(manager(*CLERK), terminal_id=new_id()))
    assert [line.outcome for line in lines] == ["taken"] + ["code-forged"] * 9
    assert "*" in str(lines[0].name)
    assert lines[1].name is None
    assert elsewhere == []
    town.advance(hours=13)
    async with town.database.read() as read:
        assert await cards.desk.last_scans(read, clerk) == []


async def test_a_browser_without_a_desk_keeps_no_scans(town: Town) -> None:
    with pytest.raises(TerminalUnbound):
        await town.database.transact(lambda tx: cards.desk.keep_scan(tx, manager(*CLERK), "taken"))
