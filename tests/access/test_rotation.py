"""Every key of access can be replaced while people sign in; and a number has one account throughout."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from access.town import API, HOSPITAL, Town, a_town
from fixtures.databases import Copy

from healthcloud import access, audit, channels
from healthcloud.access import Role, sign_request
from healthcloud.access.rotation import jobs, keep_up
from healthcloud.core import idempotency
from healthcloud.core.background import Wiring
from healthcloud.core.background.worker import InsideWorker
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import FileKeyStore, Vault, create_development_keys
from healthcloud.core.db import Database

ALL = (*access.PURPOSES, *channels.PURPOSES, *audit.PURPOSES, *idempotency.PURPOSES)


@pytest.fixture
def keys(tmp_path: Path) -> FileKeyStore:
    create_development_keys(tmp_path / "keys.json", ALL)
    return FileKeyStore(tmp_path / "keys.json", settling=timedelta())


@pytest.fixture
async def own_town(fresh_copy: Copy, keys: FileKeyStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys))
    async with a_town(database) as town:
        yield town
    await database.close()


async def follow(database: Database) -> None:
    worker = InsideWorker(database, Wiring(jobs=access.rotation.KINDS).kinds().values())
    await database.transact(keep_up)
    while await worker.step():
        pass


async def rotate(town: Town, keys: FileKeyStore, step: str) -> None:
    for purpose in access.PURPOSES:
        getattr(keys, step)(purpose.name)
    await follow(town.database)


async def test_everything_follows_its_keys(own_town: Town, keys: FileKeyStore) -> None:
    town = own_town
    members = [await town.member(Role.CITY_OPERATOR) for _ in range(5)]
    phones = [f"1360000000{n}" for n in range(5)]
    accounts = [await account_of(town, phone) for phone in phones]
    made = await town.database.transact(lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", ["cards.verify"]))
    key = await town.database.transact(lambda tx: access.add_client_key(tx, SYSTEM, made.client_id))
    for step in ("add_key", "promote", "retire"):
        await rotate(town, keys, step)
        for member in members:
            browser = await town.signed_in(member)
            assert "cards.manage" in (await browser.get(f"{API}/session")).json()["scopes"]
        assert [await account_of(town, phone) for phone in phones] == accounts
        assert await signed(town, key) == 200
    await follow(town.database)
    async with town.database.read() as read:
        assert await read.value(int, "SELECT count(*) FROM access.phones") == len(phones)


async def test_altered_rights_are_not_vouched_for_anew(own_town: Town, keys: FileKeyStore, owner_of: str) -> None:
    town = own_town
    member = await town.member(Role.CITY_OPERATOR)
    connection = await asyncpg.connect(owner_of)
    await connection.execute("UPDATE access.grants SET role = 'audit-administrator' WHERE account_id = $1", member.id)
    await connection.close()
    for step in ("add_key", "promote", "retire"):
        await rotate(town, keys, step)
    browser = await town.signed_in(member)
    assert (await browser.get(f"{API}/session")).json()["scopes"] == ["staff"]


async def account_of(town: Town, phone: str) -> str:
    browser = await town.resident(phone)
    town.advance(hours=3)
    return str((await browser.get(f"{API}/session")).json()["account_id"])


async def signed(town: Town, key: access.NewKey) -> int:
    path = f"{API}/signature"
    header = sign_request(key.key_id, b64decode(key.secret), "GET", path, timestamp=int(town.now.timestamp()))
    return (await (await town.browser()).get(path, headers={"Authorization": header})).status_code
