"""A load that is killed goes on where it was: the same residents, none missing, none twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest
from fixtures.databases import Copy

from healthcloud import people
from healthcloud.core.crypto import FileKeyStore, Vault
from healthcloud.core.db import Database
from healthcloud.server.demonstration import registrations
from healthcloud.server.demonstration.population import CHUNK, batches_of

pytestmark = pytest.mark.city
RESIDENTS = 6_000


def test_batches_hold_every_chunk_once() -> None:
    for count in (1, 2, 5, 6, 20, 61, 3_800):
        batches = batches_of(list(range(count)), loaders=2)
        assert [chunk for batch in batches for chunk in batch] == list(range(count))
        assert max(map(len, batches)) <= 10


class Load:
    """`healthcloud demo load`, of which anything may be killed."""

    def __init__(self, copy: Copy, var: Path) -> None:
        self.ledger = var / "demonstration" / "loaded.json"
        self.url = copy.app_url
        self._environment = {name: one for name, one in os.environ.items() if not name.startswith("HEALTHCLOUD_")} | {
            "HEALTHCLOUD_VAR": str(var),
            "HEALTHCLOUD_DATABASE_URL": copy.app_url,
            "HEALTHCLOUD_OWNER_DATABASE_URL": copy.owner_url,
        }

    def begin(self) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).with_name("healthcloud")), "demo", "load", "--people", str(RESIDENTS)]
        return subprocess.Popen(  # noqa: S603 - our own program
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )

    def finish(self) -> None:
        process = self.begin()
        _, words = process.communicate(timeout=60)
        assert process.returncode == 0, words

    async def persons(self) -> int:
        connection = await asyncpg.connect(self.url)
        try:
            return int(await connection.fetchval("SELECT count(*) FROM cards.holders"))
        finally:
            await connection.close()

    async def wait_for(self, persons: int) -> None:
        deadline = time.monotonic() + 60
        while await self.persons() < persons:
            assert time.monotonic() < deadline


def loaders_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children]


async def test_a_killed_load_goes_on_with_what_is_missing(fresh_copy: Copy, tmp_path: Path) -> None:
    load = Load(fresh_copy, tmp_path / "var")

    whole = load.begin()
    await load.wait_for(1)
    os.killpg(whole.pid, signal.SIGKILL)
    whole.communicate()
    first = await load.persons()
    assert 0 < first < RESIDENTS

    one = load.begin()
    await load.wait_for(first + 1)
    os.kill(loaders_of(one.pid)[0], signal.SIGKILL)
    one.communicate(timeout=60)
    assert one.returncode != 0

    # A chunk that was committed and could not be noted any more.
    noted = msgspec.json.decode(load.ledger.read_bytes())
    noted["chunks"] = noted["chunks"][1:]
    load.ledger.write_bytes(msgspec.json.encode(noted))
    load.finish()
    await inventory(load, FileKeyStore(tmp_path / "var" / "keys.json"))

    before = await load.persons()
    load.finish()
    assert await load.persons() == before


async def inventory(load: Load, keys: FileKeyStore) -> None:
    """Every resident is there once with a document, a phone where they have one, a card, and in a deed."""
    database = await Database.connect(load.url, vault=Vault(keys))
    connection = await asyncpg.connect(load.url)
    try:
        wanted = registrations(0, RESIDENTS)
        ids = await persons_with(connection, [fingerprint_of(database.vault, one) for one in wanted])
        assert len(set(ids)) == RESIDENTS
        async with database.read() as read:
            seen = await people.faces(read, None, ids)
        assert [seen[person_id].face for person_id in ids] == [one.face() for one in wanted]
        counts = await connection.fetchrow(COUNTS, ids)
        phones, newborns = sum(one.phone is not None for one in wanted), 2 * RESIDENTS // CHUNK
        assert counts is not None
        assert dict(counts) == {
            "persons": RESIDENTS,
            "documents": RESIDENTS,
            "contacts": phones,
            "phones": phones,
            "holders": RESIDENTS,
            "cards": RESIDENTS + newborns,
            "lines": RESIDENTS + newborns,
            "newborns": newborns,
            "persons_told": RESIDENTS,
            "cards_told": RESIDENTS,
        }
    finally:
        await connection.close()
        await database.close()


def fingerprint_of(vault: Vault, one: people.Registration) -> bytes:
    return vault.fingerprint("people.identity-index", one.documents[0].key)


async def persons_with(connection: "asyncpg.Connection[asyncpg.Record]", fingerprints: list[bytes]) -> list[UUID]:
    found = await connection.fetch(
        "SELECT fingerprint, person_id FROM people.document_index WHERE fingerprint = ANY ($1::bytea[])", fingerprints
    )
    person_of = {row["fingerprint"]: row["person_id"] for row in found}
    return [person_of[fingerprint] for fingerprint in fingerprints]


COUNTS = """
    SELECT (SELECT count(*) FROM people.persons WHERE kind = 1) AS persons,
           (SELECT count(*) FROM people.documents) AS documents,
           (SELECT count(*) FROM people.contacts) AS contacts,
           (SELECT sum(cardinality(person_ids)) FROM people.phones) AS phones,
           (SELECT count(*) FROM cards.holders WHERE person_id = ANY ($1::uuid[])) AS holders,
           (SELECT count(*) FROM cards.cards AS c JOIN cards.holders AS h ON h.card_id = c.id
             WHERE h.person_id = c.person_id) AS cards,
           (SELECT count(*) FROM cards.history WHERE change = 'issue') AS lines,
           (SELECT count(*) FROM people.newborns) AS newborns,
           (SELECT sum((detail->>'count')::int) FROM audit.deeds WHERE deed = 'people.loaded') AS persons_told,
           (SELECT sum((detail->>'cards')::int) FROM audit.deeds WHERE deed = 'cards.loaded') AS cards_told
    """
