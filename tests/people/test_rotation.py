"""Rotation: at no moment can one number register twice, and sealed values follow their key."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fixtures.databases import Copy
from people.makers import a_person, a_woman, at_birth, checked, desk, face_of, next_number, register
from people.pictures import picture

from healthcloud import people
from healthcloud.core.background import Body, Progress
from healthcloud.core.crypto import FileKeyStore, SealBroken, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud.people.model import DOCUMENT, FACE, HISTORY, IDENTITY_INDEX, PHONE, PHONE_INDEX, PHOTO

CARD = people.DocumentForm
MANY = people.Policy(persons_per_phone=50)
STEPS = ("add_key", "promote", "retire")


@dataclass
class Works:
    """Two processes over one database: the keeper of the keys, and one that notices each step late."""

    keys: FileKeyStore
    late_keys: FileKeyStore
    keeper: Database
    late: Database
    owner_url: str

    def step(self, name: str, *purposes: str) -> None:
        for purpose in purposes:
            getattr(self.keys, name)(purpose)

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()


@pytest.fixture
async def works(fresh_copy: Copy, tmp_path: Path) -> AsyncIterator[Works]:
    path = tmp_path / "keys.json"
    create_development_keys(path, people.PURPOSES)
    keys = FileKeyStore(path, settling=timedelta(days=-1), look_every=inf)
    late_keys = FileKeyStore(path, settling=timedelta(days=-1), look_every=inf)
    keeper = await Database.connect(fresh_copy.app_url, vault=Vault(keys), size=3)
    late = await Database.connect(fresh_copy.app_url, vault=Vault(late_keys), size=3)
    yield Works(keys, late_keys, keeper, late, fresh_copy.owner_url)
    await keeper.close()
    await late.close()


async def run(database: Database, kind: str) -> int:
    """Run a long job to its end, chunk by chunk, and return how many chunks it took."""
    handler = next(one.handler for one in people.job_kinds(None) if one.kind == kind)
    assert handler
    body: Body = {}
    chunks = 0
    while True:
        progress = await database.transact(lambda tx, b=body: handler(tx, b))  # type: ignore[misc]
        if not isinstance(progress, Progress):
            return chunks
        body, chunks = progress.body, chunks + 1


async def test_nobody_registers_twice_at_any_step_of_a_rotation(works: Works) -> None:
    mother = await a_woman(works.keeper)
    known: list[tuple[people.Registration, Any]] = []
    for step in (None, *STEPS, *STEPS):
        if step:
            works.step(step, IDENTITY_INDEX, PHONE_INDEX)
        child = checked(
            name=None, sex="1", documents=(), birth=at_birth(mother, of_several=True, order=len(known) // 2 + 1)
        )
        for registration in (checked(phone="13800000088"), child):
            first = await register(works.late, registration, policy=MANY)
            again = await register(works.keeper, registration, policy=MANY)
            assert (first.created, again.created) == (True, False)
            known.append((registration, first.person_id))
        for registration, person in known:
            for process in (works.keeper, works.late):
                assert (await register(process, registration, policy=MANY)).person_id == person
        works.late_keys.reload()
        await run(works.keeper, "people.refingerprint")
        live = {number for number, _ in works.keeper.vault.numbered_fingerprints(IDENTITY_INDEX, "")}
        assert {row[0] for row in await works.rows("SELECT DISTINCT key_number FROM people.document_index")} == live
        assert {row[0] for row in await works.rows("SELECT DISTINCT key_number FROM people.phones")} == live
        counts = await works.rows("SELECT key_number, count(*) FROM people.document_index GROUP BY 1")
        assert {count for _, count in counts} == {1 + len(known)}


async def test_what_nobody_touches_meanwhile_is_carried_along_by_the_job(works: Works) -> None:
    mother = await a_woman(works.keeper)
    child = checked(name=None, sex="1", documents=(), birth=at_birth(mother))
    somebody = checked(documents=(CARD("05", next_number()), CARD("03", "E1212121", "CHN")))
    persons = [(await register(works.keeper, one)).person_id for one in (child, somebody)]
    for step in STEPS:
        works.step(step, IDENTITY_INDEX, PHONE_INDEX)
        await run(works.keeper, "people.refingerprint")
    assert [(await register(works.keeper, one)).person_id for one in (child, somebody)] == persons


async def test_without_the_job_somebody_does_register_twice(works: Works) -> None:
    """The control: the rotation's job is what keeps the promise."""
    registration = checked()
    first = await register(works.keeper, registration)
    works.step("add_key", IDENTITY_INDEX)
    works.step("promote", IDENTITY_INDEX)
    works.step("retire", IDENTITY_INDEX)
    again = await register(works.keeper, registration)
    assert again.created
    assert again.person_id != first.person_id


async def test_a_withdrawn_registration_is_not_claimed_anew(works: Works) -> None:
    number = next_number()
    person = await a_person(works.keeper, documents=(CARD("01", number),), phone="13800000099")
    await works.keeper.transact(lambda tx: people.withdraw_person(tx, desk(), person, "开错"))
    works.step("add_key", IDENTITY_INDEX, PHONE_INDEX)
    await run(works.keeper, "people.refingerprint")
    assert await works.rows("SELECT 1 FROM people.document_index UNION ALL SELECT 1 FROM people.phones") == []


async def test_the_phone_limit_holds_across_a_rotation(works: Works) -> None:
    policy = people.Policy(persons_per_phone=2)
    await register(works.keeper, checked(phone="13800000077"), policy=policy)
    for step in STEPS:
        works.step(step, PHONE_INDEX)
        await run(works.keeper, "people.refingerprint")
    await register(works.keeper, checked(phone="13800000077"), policy=policy)
    with pytest.raises(Exception, match="phone-has-too-many-persons"):
        await register(works.keeper, checked(phone="13800000077"), policy=policy)


async def test_sealed_values_follow_their_key(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthcloud.people.rotation.jobs.CHUNK", 2)
    persons = [await a_person(works.keeper, phone=f"1370000000{place}") for place in range(5)]
    correction = people.CorrectionForm("户口簿", name="更正后")
    await works.keeper.transact(lambda tx: people.correct(tx, desk(), persons[0], correction))
    works.step("add_key", FACE, DOCUMENT, PHONE, HISTORY)
    works.step("promote", FACE, DOCUMENT, PHONE, HISTORY)
    assert await run(works.keeper, "people.reseal") > 8
    works.step("retire", FACE, DOCUMENT, PHONE, HISTORY)
    assert (await face_of(works.keeper, persons[0])).face.name == "更正后"
    vault = works.keeper.vault
    for person_id, item_id, sealed in await works.rows("SELECT person_id, id, number_sealed FROM people.documents"):
        assert vault.open(DOCUMENT, person_id.bytes + item_id.bytes, sealed)
    for person_id, item_id, sealed in await works.rows("SELECT person_id, id, phone_sealed FROM people.contacts"):
        assert vault.open(PHONE, person_id.bytes + item_id.bytes, sealed)
    for person_id, item_id, sealed in await works.rows("SELECT person_id, id, after_sealed FROM people.corrections"):
        assert vault.open(HISTORY, person_id.bytes + item_id.bytes + b"after", sealed)


async def test_photos_and_card_records_follow_their_keys(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthcloud.people.rotation.jobs.PHOTOS_AT_ONCE", 1)
    persons, clerk, keeper = [await a_person(works.keeper) for _ in range(2)], desk(), works.keeper
    record, policy = people.id_records.IdRecord("光明路一号", "公安局", None, None), people.Policy()

    async def keep(person: UUID) -> None:
        await keeper.transact(lambda tx: people.photos.keep_photo(tx, clerk, person, picture(), policy))
        await keeper.transact(lambda tx: people.id_records.keep_record(tx, clerk, person, record))

    async def photo_of(person: UUID) -> Any:
        return await keeper.transact(lambda tx: people.photos.open_photo(tx, clerk, person, "核对相貌"))

    for person in persons:
        await keep(person)
    for step in STEPS:
        works.step(step, PHOTO, DOCUMENT)
        if step != STEPS[0]:
            await run(keeper, "people.reseal")
    for person in persons:
        assert await photo_of(person) is not None
        async with keeper.read() as read:
            assert await people.id_records.record_of(read, person) == record


async def test_without_resealing_a_retired_key_leaves_values_closed(works: Works) -> None:
    person = await a_person(works.keeper)
    for step in STEPS:
        works.step(step, FACE)
    with pytest.raises(SealBroken):
        await face_of(works.keeper, person)


async def test_both_jobs_are_put_in_the_queue(works: Works) -> None:
    await works.keeper.transact(people.rotation.keep_seals)
    await works.keeper.transact(people.rotation.keep_fingerprints)
    kinds = await works.rows("SELECT kind FROM core.jobs ORDER BY 1")
    assert kinds == [("people.refingerprint",), ("people.reseal",)]


async def test_nothing_begins_before_every_process_has_seen_the_step(fresh_copy: Copy, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = create_development_keys(path, people.PURPOSES)
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys), size=2)
    assert await run(database, "people.refingerprint") == 0
    connection = await asyncpg.connect(fresh_copy.owner_url)
    assert await connection.fetchval("SELECT due_at > created_at FROM core.jobs") is True
    await connection.close()
    await database.close()
