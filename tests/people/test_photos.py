"""Photographs: only a plain small square picture is kept, sealed; every look is a deed; withdrawn means gone."""

import base64
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from people.makers import POLICY, a_person, at, deeds_of, desk, resident
from people.pictures import SIDE, picture
from PIL import Image

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unacceptable
from healthcloud.people.photos.actions import delete_ended
from healthcloud.people.photos.store import photos_after


async def keep(database: Database, clerk: Caller, person: UUID, file: bytes) -> None:
    await database.transact(lambda tx: people.photos.keep_photo(tx, clerk, person, file, POLICY))


def with_place() -> bytes:
    """Return a picture that says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    return picture(exif=exif, comment=b"SECRET-COMMENT")


def test_a_camera_s_notes_are_not_kept() -> None:
    file = with_place()
    assert b"SECRET-PLACE" in file
    assert b"SECRET-COMMENT" in file
    kept = people.photos.read_photo(file)
    assert b"SECRET" not in kept
    assert Image.open(io.BytesIO(kept)).size == (SIDE, SIDE)
    assert people.photos.read_photo(picture(progressive=True)).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        b"<svg onload=alert(1)>",
        picture(kind="PNG"),
        picture(height=240),
        picture(120),
        picture(1000),
        picture()[:-2],
        picture() + b"PK\x03\x04 more behind it",
        picture() + picture(),
        picture()[:40],
        b"\xff\xd8\xff\xe0\x00\x01" + picture()[2:],
        b"\xff\xd8" + b"\xff\xe0\xff\xff" * 10 + b"\xff\xd9",
    ],
)
def test_anything_else_is_refused(file: bytes) -> None:
    with pytest.raises(people.photos.PhotoUnusable):
        people.photos.read_photo(file)


@pytest.mark.parametrize("text", ["照片照片", "====", "AAA", "/9j-", "AA AA"])
def test_a_text_that_holds_no_file_is_refused(text: str) -> None:
    with pytest.raises(people.photos.PhotoUnusable):
        people.photos.file_in(text)


def test_every_cut_and_every_changed_byte_is_a_picture_or_refused() -> None:
    file = picture(240)
    for place in range(2, 700, 3):
        for broken in (file[:place] + file[place + 1 :], file[:place] + b"\xff" + file[place + 1 :]):
            try:
                kept = people.photos.read_photo(broken)
            except people.photos.PhotoUnusable:
                continue
            assert kept.startswith(b"\xff\xd8")
            assert kept.endswith(b"\xff\xd9")


async def test_a_photo_is_kept_sealed_with_its_consent_and_each_look_is_read(
    fresh_database: Database, owner_of: str
) -> None:
    database, file = fresh_database, picture()
    person, clerk = await a_person(database), desk()
    kept = await database.transact(lambda tx: people.photos.keep_photo(tx, clerk, person, file, POLICY))
    connection = await asyncpg.connect(owner_of)
    sealed = await connection.fetchval("SELECT photo_sealed FROM people.photos")
    await connection.close()
    assert kept.jpeg[200:260] not in sealed
    seen = await database.transact(lambda tx: people.photos.open_photo(tx, clerk, person, "核对相貌"))
    assert seen is not None
    assert seen.jpeg == kept.jpeg
    own = await database.transact(lambda tx: people.photos.open_photo(tx, resident(person), person))
    assert own is not None
    told = [deed for deed, _ in await deeds_of(database, person)]
    assert told == ["people.photo-seen", "people.photo-kept", "people.consent-given", "people.registered"]
    async with database.read() as read:
        assert await people.consents.actions.consented(read, person, "photo", REAL_CLOCK.now() + timedelta(days=1000))


async def test_whoever_may_not_look_is_refused(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    await fresh_database.transact(lambda tx: people.photos.keep_photo(tx, desk(), person, picture(), POLICY))

    async def looks(caller: Any, reason: str | None) -> None:
        await fresh_database.transact(lambda tx: people.photos.open_photo(tx, caller, person, reason))

    with pytest.raises(Forbidden):
        await looks(desk(None, "cards.verify"), "看看")
    with pytest.raises(Unacceptable):
        await looks(desk(), None)
    stranger = await a_person(fresh_database)
    with pytest.raises(people.PersonNotFound):
        await looks(resident(stranger), None)
    assert ("people.photo-seen", "refused") in await deeds_of(fresh_database, person)
    with pytest.raises(Forbidden):
        await fresh_database.transact(
            lambda tx: people.photos.keep_photo(tx, desk(None, "people.open"), person, picture(), POLICY)
        )


async def test_another_takes_the_place_of_the_first_and_removed_is_gone(fresh_database: Database) -> None:
    person, clerk, database = await a_person(fresh_database), desk(), fresh_database
    for side in (300, 400):
        await keep(database, clerk, person, picture(side))
    seen = await database.transact(lambda tx: people.photos.open_photo(tx, clerk, person, "核对相貌"))
    assert seen is not None
    assert Image.open(io.BytesIO(seen.jpeg)).size == (400, 400)
    await database.transact(lambda tx: people.photos.remove_photo(tx, resident(person), person))
    assert await database.transact(lambda tx: people.photos.open_photo(tx, clerk, person, "核对相貌")) is None
    async with database.read() as read:
        held = await people.consents.actions.consents_of(read, person)
    assert len(held) == 2
    assert all(one.withdrawn_at for one in held)
    with pytest.raises(Problem, match="photo-not-found"):
        await database.transact(lambda tx: people.photos.remove_photo(tx, resident(person), person))


async def test_a_withdrawn_consent_and_a_passed_term_end_the_photo(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthcloud.people.photos.actions.DAYS", 20)
    database, clerk = fresh_database, desk()
    withdrawn, passed = await a_person(database), await a_person(database)
    for person in (withdrawn, passed):
        await keep(database, clerk, person, picture())
    async with database.read() as read:
        [consent] = await people.consents.actions.consents_of(read, withdrawn)
    own = resident(withdrawn)
    await database.transact(lambda tx: people.consents.actions.withdraw_consent(tx, own, withdrawn, consent.id))
    assert await database.transact(lambda tx: people.photos.open_photo(tx, clerk, withdrawn, "核对相貌")) is None
    async with database.read() as read:
        assert [one.person_id for one in await photos_after(read, UUID(int=0), 10)] == [passed]
    later = at(database, REAL_CLOCK.now() + timedelta(days=21))
    assert await later.transact(lambda tx: people.photos.open_photo(tx, clerk, passed, "核对相貌")) is None
    assert await later.transact(delete_ended) == 1
    assert "people.photo-removed" in {deed for deed, _ in await deeds_of(database, passed)}


def test_a_photo_does_not_stand_in_what_is_logged() -> None:
    shown = repr(people.photos.Photo(b"secret-picture", REAL_CLOCK.now(), REAL_CLOCK.now()))
    assert "secret-picture" not in shown
    assert base64.b64encode(b"secret-picture").decode() not in shown
