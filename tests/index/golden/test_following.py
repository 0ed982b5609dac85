"""Faces follow sources while nobody has verified them; a correction is everywhere within a minute, and told."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from cards.offline.lists import POLICY, Reader, publish
from cards.offline.phones import own_phone
from cards.scanning import Town
from index.questions.working import reviewer, settle
from index.records.hospitals import hand_in_one, hospital, patient
from people.makers import SEEN, checked, deeds_of, desk, face_of, register

from healthcloud import cards, index, people
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.index.golden import Field, Golden, Rule
from healthcloud.index.matching import Content


async def golden_of(database: Database, person_id: UUID) -> Golden:
    return await database.transact(lambda tx: index.golden.golden_of(tx, reviewer(), person_id))


def shown(golden: Golden, field: Field) -> tuple[str, Rule]:
    [one] = [one for one in golden.fields if one.field is field]
    return one.value, one.rule


async def known_to_three(database: Database, **said: str) -> UUID:
    """Have one hospital write a name wrongly and two others rightly, under one number."""
    written = patient("欧阳小花", **said)
    first = await hand_in_one(database, hospital(), written)
    await settle(database)
    for _ in range(2):
        answer = await hand_in_one(database, hospital(), replace(written, name="欧阳晓花"))
        assert answer.person_id == first.person_id
    await settle(database)
    assert first.person_id is not None
    return first.person_id


async def test_an_unverified_face_follows_what_most_hospitals_say(database: Database) -> None:
    person = await known_to_three(database)
    assert (await face_of(database, person)).face.name == "欧阳晓花"
    assert shown(await golden_of(database, person), Field.NAME) == ("欧阳晓花", Rule.MOST_SOURCES)
    deeds = [deed for deed, _ in await deeds_of(database, person)]
    assert {"people.followed-sources", "index.golden-opened"} <= set(deeds)
    async with database.read() as read:
        records = await index.records_of(read, person)
        [line] = await people.corrections.corrections_of(read, person)
    assert line.evidence == people.corrections.FOLLOWING
    # No source is overwritten: the first hospital's word is what it was; the city's own says what the face says.
    told = sorted((one.content.name or "", one.source_id == index.CITY) for one in records)
    assert told == [("欧阳小花", False), ("欧阳晓花", False), ("欧阳晓花", False), ("欧阳晓花", True)]


async def test_a_verified_face_never_follows_and_the_difference_is_shown(database: Database) -> None:
    registration = checked(name="欧阳小花")
    person = (await register(database, registration, verification=SEEN)).person_id
    await settle(database)
    number = registration.documents[0].number
    for _ in range(3):
        born = f"{registration.birth_date:%Y-%m-%d}"
        written = patient("欧阳晓花", number=number, sex=registration.sex, birth_date=born)
        assert (await hand_in_one(database, hospital(), written)).person_id == person
    await settle(database)
    assert (await face_of(database, person)).face.name == "欧阳小花"
    golden = await golden_of(database, person)
    assert shown(golden, Field.NAME) == ("欧阳小花", Rule.DOCUMENT)
    assert golden.differs == (Field.NAME,)


async def test_what_a_clerk_corrected_stands_against_every_hospital(database: Database) -> None:
    person = await known_to_three(database)
    correction = people.CorrectionForm("居民身份证原件", name="欧阳筱花")
    await database.transact(lambda tx: people.correct(tx, desk(), person, correction))
    await settle(database)
    golden = await golden_of(database, person)
    assert shown(golden, Field.NAME) == ("欧阳筱花", Rule.CORRECTED)
    assert golden.differs == (Field.NAME,)
    assert (await face_of(database, person)).face.name == "欧阳筱花"


async def test_nobody_without_the_scope_looks(database: Database) -> None:
    person = await known_to_three(database)
    with pytest.raises(Forbidden):
        await database.transact(lambda tx: index.golden.golden_of(tx, desk(), person))


async def test_a_correction_is_everywhere_once_the_jobs_of_a_minute_are_done(town: Town, owner_url: str) -> None:
    database = town.database
    registration = checked(name="王小眀", phone="13900001234")
    holder = await town.holder(await town.person(registration=registration))
    phone = await own_phone(town, holder)
    await settle(database)
    await publish(town)
    reader = await Reader(town).catch_up()
    assert phone.signed is not None
    stated = phone.signed.certificate
    assert not reader.voids(stated.card_id, stated.slot, stated.issued)

    texts = await texts_to(owner_url, "139****1234")
    form = people.CorrectionForm("居民身份证原件", name="王小明")
    await database.transact(lambda tx: people.correct(tx, desk(), holder.person_id, form))
    # At once, with the commit: the next scan.
    told = (await town.scan(await town.shown(holder))).json()
    assert told["person"]["name"] == people.masked((await face_of(database, holder.person_id)).face).name
    assert (await face_of(database, holder.person_id)).face.name == "王小明"
    # By what follows the commit, and the list that is published each minute.
    await settle(database)
    assert cards.offline.publishing(POLICY).every <= timedelta(minutes=1)
    await publish(town)
    await reader.catch_up()
    assert reader.voids(stated.card_id, stated.slot, stated.issued)
    async with database.read() as read:
        [own] = [one for one in await index.records_of(read, holder.person_id) if one.source_id == index.CITY]
        found = await index.candidates(read, Content(name="王小明", birth_date=registration.birth_date, sex="1"))
    assert own.content.name == "王小明"
    assert holder.person_id in {one.person_id for one in found}
    assert shown(await golden_of(database, holder.person_id), Field.NAME) == ("王小明", Rule.CORRECTED)
    assert ("people.corrected", "done") in await deeds_of(database, holder.person_id)
    assert await texts_to(owner_url, "139****1234") == texts + 1


async def test_a_face_that_follows_is_a_deed_and_no_text(database: Database, owner_url: str) -> None:
    before = await texts_to(owner_url, "139****5678")
    person = await known_to_three(database, phone="13900005678")
    assert (await face_of(database, person)).face.name == "欧阳晓花"
    assert ("people.followed-sources", "done") in await deeds_of(database, person)
    assert await texts_to(owner_url, "139****5678") == before
    form = people.CorrectionForm("居民身份证原件", name="欧阳筱花")
    await database.transact(lambda tx: people.correct(tx, desk(), person, form))
    await settle(database)
    assert await texts_to(owner_url, "139****5678") == before + 1


async def texts_to(owner_url: str, shown_as: str) -> int:
    connection = await asyncpg.connect(owner_url)
    try:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM channels.outgoing WHERE address_shown = $1", shown_as
        )
        return found
    finally:
        await connection.close()
