"""Deeds are written with what they tell of, sealed in a chain, and any harm done to the chain is found and named."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict
from healthcloud.core.ids import new_id

audit.declare(audit.DeedKind("test.done", zh="试验", en="A test was done."))

CLERK = Caller(CallerKind.STAFF, new_id(), frozenset({"audit.read"}), institution_id=new_id(), reason="登记")


@pytest.fixture
def heads(tmp_path: Path) -> audit.HeadFile:
    return audit.HeadFile(tmp_path / "heads.jsonl")


@pytest.fixture
async def owner(owner_of: str) -> AsyncIterator[asyncpg.Connection]:
    """The table owner, who can do what the application role can't."""
    connection = await asyncpg.connect(owner_of)
    yield connection
    await connection.close()


async def write(database: Database, count: int, subject: UUID | None = None) -> list[UUID]:
    subjects = [subject or new_id() for _ in range(count)]
    entries = [audit.Entry("test.done", one, detail={"n": n}) for n, one in enumerate(subjects)]
    await database.transact(lambda tx: audit.record_many(tx, CLERK, entries))
    return subjects


async def verdict(database: Database, heads: audit.HeadFile) -> audit.Verdict:
    async with database.read() as read:
        return await audit.verify_chain(read, database.vault, heads)


async def told(database: Database, heads: audit.HeadFile) -> list[tuple[str, int | None, int | None]]:
    return [(f.kind, f.seq, f.line) for f in (await verdict(database, heads)).findings]


async def test_a_deed_commits_with_its_act_or_not_at_all(database: Database) -> None:
    subject = new_id()

    async def half(tx: Transaction) -> None:
        await audit.record(tx, CLERK, "test.done", subject)
        raise Conflict

    with pytest.raises(Conflict):
        await database.transact(half)
    async with database.read() as read:
        assert await audit.deeds_about(read, [subject]) == []


async def test_a_refusal_is_kept_after_the_rollback(database: Database) -> None:
    subject = new_id()

    async def refused(tx: Transaction) -> None:
        audit.refuse(tx, CLERK, "test.done", subject, detail={"why": "no-grant"})
        raise Conflict

    with pytest.raises(Conflict):
        await database.transact(refused)
    async with database.read() as read:
        [deed] = await audit.deeds_about(read, [subject])
    assert (deed.outcome, deed.detail, deed.reason) == ("refused", {"why": "no-grant"}, "登记")


async def test_an_undeclared_deed_is_never_written(database: Database) -> None:
    with pytest.raises(ValueError, match="not declared"):
        await database.transact(lambda tx: audit.record(tx, CLERK, "test.unheard-of", new_id()))


async def test_lists_page_by_key_newest_first(database: Database) -> None:
    subject = new_id()
    for _ in range(5):
        await write(database, 1, subject)
    async with database.read() as read:
        first = await audit.deeds_about(read, [subject], limit=3)
        rest = await audit.deeds_about(read, [subject], before=(first[-1].at, first[-1].id), limit=3)
    assert len(first) == 3
    assert len(rest) == 2
    times = [deed.at for deed in first + rest]
    assert times == sorted(times, reverse=True)


async def test_a_list_is_of_the_kinds_outcome_and_actors_wanted(database: Database) -> None:
    subject = new_id()
    await write(database, 1, subject)
    async with database.read() as read:

        async def found(wanted: audit.DeedsOf) -> int:
            return len(await audit.deeds_about(read, [subject], wanted=wanted))

        assert await found(audit.DeedsOf(kinds=("test.done",), outcome="done", actor_kind=CLERK.kind)) == 1
        assert await found(audit.DeedsOf(kinds=("test.other",))) == 0
        assert await found(audit.DeedsOf(outcome="refused")) == 0
        assert await found(audit.DeedsOf(actor_kind="resident")) == 0


async def test_a_sound_chain_is_sound(fresh_database: Database, heads: audit.HeadFile) -> None:
    await write(fresh_database, 7)
    sealer = audit.Sealer(fresh_database, heads)
    assert await sealer.seal() == 7
    await write(fresh_database, 3)
    assert await sealer.seal() == 3
    await sealer.export()
    found = await verdict(fresh_database, heads)
    assert (found.blocks, found.deeds, found.sound) == (2, 10, True)
    assert found.heads >= 1


async def test_the_application_role_cannot_rewrite_history(database: Database) -> None:
    await write(database, 1)

    async def rewrite(tx: Transaction) -> None:
        await tx.run("UPDATE audit.deeds SET reason = 'x'")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.transact(rewrite)


@pytest.fixture
async def sealed(fresh_database: Database, heads: audit.HeadFile) -> Database:
    """Three blocks of four deeds, every head exported."""
    sealer = audit.Sealer(fresh_database, heads, export_seconds=0)
    for _ in range(3):
        await write(fresh_database, 4)
        await sealer.seal()
    return fresh_database


async def deed_at(owner: asyncpg.Connection, seq: int, line: int) -> UUID:
    deed_id = await owner.fetchval("SELECT deed_ids[$2] FROM audit.blocks WHERE seq = $1", seq, line)
    assert isinstance(deed_id, UUID)
    return deed_id


async def test_an_altered_line_is_named(sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE audit.deeds SET reason = '别的' WHERE id = $1", await deed_at(owner, 2, 3))
    assert await told(sealed, heads) == [("altered", 2, 3)]


async def test_a_removed_line_is_named(sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM audit.deeds WHERE id = $1", await deed_at(owner, 1, 2))
    assert await told(sealed, heads) == [("removed", 1, 2)]


async def test_reordered_lines_are_named(sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection) -> None:
    await owner.execute(
        """
        UPDATE audit.blocks
           SET deed_ids = ARRAY[deed_ids[2], deed_ids[1]] || deed_ids[3:],
               subject_ids = ARRAY[subject_ids[2], subject_ids[1]] || subject_ids[3:],
               digests = substr(digests, 33, 32) || substr(digests, 1, 32) || substr(digests, 65)
         WHERE seq = 2
        """
    )
    assert await told(sealed, heads) == [("reordered", 2, 2)]


async def test_a_removed_block_is_named(sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM audit.blocks WHERE seq = 2")
    kinds = await told(sealed, heads)
    assert ("block-removed", 2, None) in kinds
    assert ("cut-off", 2, None) in kinds
    assert [kind for kind, _, _ in kinds].count("unsealed") == 4


async def test_a_cut_tail_is_named(sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "DELETE FROM audit.deeds d USING audit.blocks b WHERE b.seq = 3 AND d.id = ANY(b.deed_ids)",
    )
    await owner.execute("DELETE FROM audit.blocks WHERE seq = 3")
    assert await told(sealed, heads) == [("cut-off", 3, None)]


async def test_a_forged_head_is_named(sealed: Database, heads: audit.HeadFile) -> None:
    lines = heads.path.read_bytes().splitlines(keepends=True)
    heads.path.write_bytes(lines[0].replace(b'"seq":1', b'"seq":2') + b"".join(lines[1:]))
    assert ("head-forged", 2, None) in await told(sealed, heads)


async def test_a_line_written_behind_the_sealers_back_is_named(
    sealed: Database, heads: audit.HeadFile, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        """
        INSERT INTO audit.deeds (subject_id, at, id, deed, actor_kind, actor_id, outcome, detail)
        SELECT subject_id, at, $1, deed, actor_kind, actor_id, outcome, detail FROM audit.deeds LIMIT 1
        """,
        new_id(),
    )
    assert await told(sealed, heads) == [("unsealed", None, None)]


async def test_deeds_are_sealed_in_commit_order_and_none_is_skipped(
    fresh_database: Database, heads: audit.HeadFile
) -> None:
    """An earlier deed that commits late is sealed in a later block, not lost."""
    sealer = audit.Sealer(fresh_database, heads)

    async def slow(tx: Transaction) -> None:
        await audit.record(tx, CLERK, "test.done", new_id())
        await write(fresh_database, 2)
        assert await sealer.seal() == 2

    await fresh_database.transact(slow)
    assert await sealer.seal() == 1
    assert (await verdict(fresh_database, heads)).sound


async def test_what_a_killed_sealer_had_not_exported_is_exported_by_the_next(
    fresh_database: Database, heads: audit.HeadFile
) -> None:
    first = audit.Sealer(fresh_database, heads)
    await write(fresh_database, 3)
    await first.seal()
    await write(fresh_database, 2)
    await first.seal()  # within ten seconds of the first export, so not exported
    assert [head.seq for head in heads.heads()] == [1]
    await audit.Sealer(fresh_database, heads).seal()
    assert [head.seq for head in heads.heads()] == [1, 2]
    await audit.Sealer(fresh_database, heads).seal()
    assert [head.seq for head in heads.heads()] == [1, 2]
    newest = heads.newest()
    assert newest is not None
    assert newest.seq == 2
