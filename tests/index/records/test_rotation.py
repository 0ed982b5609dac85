"""Rotation: while keys change and after, the same record is the same, and records find one another."""

from datetime import timedelta
from functools import partial
from math import inf
from pathlib import Path

from fixtures.databases import Copy
from index.records.hospitals import hand_in_one, hospital, patient

from healthcloud import index
from healthcloud.core.crypto import FileKeyStore, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud.index import Outcome
from healthcloud.index.model import BLOCK, CONTENT, DIGEST
from healthcloud.index.records.rotation.jobs import follow
from healthcloud.server.purposes import PURPOSES

STEPS = ("add_key", "promote", "retire")


async def followed(database: Database) -> None:
    progress = await database.transact(partial(follow, body={}))
    while progress is not None:
        progress = await database.transact(partial(follow, body=progress.body))


async def test_records_follow_their_keys(fresh_copy: Copy, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_development_keys(path, PURPOSES)
    keys = FileKeyStore(path, settling=timedelta(days=-1), look_every=inf)
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys), size=3)
    caller, written = hospital(), patient()
    first = await hand_in_one(database, caller, written)
    other = patient("诸葛一二")
    await hand_in_one(database, caller, other, 2)
    await hand_in_one(database, caller, patient("诸葛一二", number=other.number, phone="13800000021"), 2)
    for step in STEPS:
        for purpose in (BLOCK, CONTENT, DIGEST):
            if step == "retire" and purpose == CONTENT:
                continue
            getattr(keys, step)(purpose)
        await followed(database)
        again = await hand_in_one(database, caller, written)
        found = await hand_in_one(database, hospital(), written)
        assert (again.outcome, found.outcome) == (Outcome.UNCHANGED, Outcome.LINKED), step
        assert found.person_id == first.person_id
    keys.retire(CONTENT)
    async with database.read() as read:
        record = await index.find_record(read, caller.institution_id or index.CITY, "P2")
        assert record is not None
        assert len(await index.versions_of(read, record)) == 2
    await database.close()
