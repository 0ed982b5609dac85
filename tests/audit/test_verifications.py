"""Verifications: asked for as a job, kept with what they found, and read by audit administrators only."""

import re
from pathlib import Path

import pytest

from healthcloud import audit
from healthcloud.core.background import list_waiting
from healthcloud.core.caller import GUEST, SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id

AUDITOR = Caller(CallerKind.STAFF, new_id(), frozenset({"audit.read"}))


async def test_a_verification_is_asked_for_carried_out_and_kept(database: Database, tmp_path: Path) -> None:
    heads = audit.HeadFile(tmp_path / "heads.jsonl")
    job_id = await database.transact(lambda tx: audit.ask_verification(tx, AUDITOR))
    sealer = audit.Sealer(database, heads)
    await sealer.seal()
    await sealer.export()
    recurring = audit.verifying(heads)
    assert recurring.outside is not None
    async with database.read() as read:
        assert job_id in [one.id for one in await list_waiting(read, recurring.name)]
    await recurring.outside(database, {})
    async with database.read() as read:
        last = await audit.last_verification(read, AUDITOR)
        assert last is not None
        assert last.sound
        assert min(last.blocks, last.deeds, last.heads) > 0
        assert await audit.last_sound(read, AUDITOR) == last


async def test_an_unsound_one_is_the_last_and_the_sound_one_stays(database: Database, tmp_path: Path) -> None:
    heads, forged = audit.HeadFile(tmp_path / "heads.jsonl"), audit.HeadFile(tmp_path / "forged.jsonl")
    await database.transact(lambda tx: audit.ask_verification(tx, AUDITOR))
    sealer = audit.Sealer(database, heads)
    await sealer.seal()
    await sealer.export()
    forged.path.write_text(re.sub(r'"seq":\d+', '"seq":700', heads.path.read_text()))
    for file in (heads, forged):
        verify = audit.verifying(file).outside
        assert verify is not None
        await verify(database, {})
    async with database.read() as read:
        last, sound = await audit.last_verification(read, AUDITOR), await audit.last_sound(read, AUDITOR)
    assert last is not None
    assert sound is not None
    assert {one["kind"] for one in last.findings} == {"head-forged", "cut-off"}
    assert last.faults == len(last.findings)
    assert sound.sound


async def test_only_an_audit_administrator_asks_or_looks(database: Database) -> None:
    with pytest.raises(Forbidden):
        await database.transact(lambda tx: audit.ask_verification(tx, GUEST))
    async with database.read() as read:
        with pytest.raises(Forbidden):
            await audit.last_verification(read, GUEST)
        await audit.last_verification(read, SYSTEM)
