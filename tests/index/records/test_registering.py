"""What a hospital hands in comes back as one person, card and explanation, or as a question."""

from collections.abc import AsyncIterator

import pytest
from index.records.hospitals import hand_in, hand_in_one, hospital, items, patient

from healthcloud import cards, index, people
from healthcloud.core.db import Database
from healthcloud.index import Outcome


async def test_the_certain_become_persons_with_a_card_made_ahead(database: Database) -> None:
    caller = hospital()
    answer = await hand_in_one(database, caller, patient())
    assert answer.outcome is Outcome.NEW
    assert answer.card_status == cards.CardStatus.PREPARED
    assert answer.person_id is not None
    async with database.read() as read:
        seen = (await people.faces(read, caller.institution_id, [answer.person_id]))[answer.person_id]
        [record] = await index.records_of(read, answer.person_id)
    assert (seen.face.name, seen.local_number, seen.level) == ("欧阳小花", "P1", people.Level.DECLARED)
    assert record.state is index.RecordState.PLACED


async def test_two_hospitals_come_to_one_person(database: Database) -> None:
    written = patient()
    first = await hand_in_one(database, hospital(), written)
    second = await hand_in_one(database, hospital(), written, 7)
    assert second.outcome is Outcome.LINKED
    assert second.person_id == first.person_id
    assert second.rule == "same-number"
    assert second.card_status == cards.CardStatus.PREPARED
