"""Messages are kept before they are acknowledged, proven one by one, and whatever is done to them shows."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from healthcloud import audit, exchange
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Unavailable
from healthcloud.core.ids import new_id
from healthcloud.exchange.evidence.errors import EvidenceDamaged, NoSuchMessage, NotSealedYet
from healthcloud_reader.evidence import EvidenceWrong, leaf, path_of, root_by, root_of, verify_export

HOSPITAL = new_id()
MACHINE = Caller(CallerKind.CLIENT, new_id(), frozenset({"cards.verify"}), institution_id=HOSPITAL, key_id=new_id())
OPERATOR = Caller(CallerKind.STAFF, new_id(), frozenset({"exchange.evidence"}), reason="核对争议报文")


@pytest.fixture
def heads(tmp_path: Path) -> exchange.HeadFile:
    return exchange.HeadFile(tmp_path / "heads.jsonl")


@pytest.fixture
def database(fresh_database: Database) -> Database:
    """A database of the test's own: each harms or counts a whole chain."""
    return fresh_database


@pytest.fixture
async def owner(owner_of: str) -> AsyncIterator[asyncpg.Connection]:
    """The table owner, who can do what the application role can't."""
    connection = await asyncpg.connect(owner_of)
    yield connection
    await connection.close()


@pytest.fixture
async def evidence(database: Database) -> AsyncIterator[exchange.Evidence]:
    keeping = exchange.Evidence(database)
    yield keeping
    await keeping.close()


def message(database: Database, n: int = 0, **other: Any) -> exchange.Message:
    told: dict[str, Any] = {
        "face": "api",
        "method": "POST /api/v1/cards/verify",
        "caller": MACHINE,
        "request_id": f"request-{n:06}",
        "at": database.clock.now(),
        "request": f'{{"code":"{n}"}}'.encode(),
        "answer": f'{{"n":{n}}}'.encode(),
        "outcome": "ok",
        "headers": {"authorization": "HC1-SM2 …"},
    }
    return exchange.Message(**(told | other))


async def kept(database: Database, evidence: exchange.Evidence, count: int) -> list[UUID]:
    return await asyncio.gather(*(evidence.keep(message(database, n)) for n in range(count)))


async def sealed(database: Database, heads: exchange.HeadFile) -> None:
    sealer = exchange.EvidenceSealer(database, heads)
    await sealer.seal()
    await sealer.export()


async def told(database: Database, heads: exchange.HeadFile) -> set[str]:
    since = database.clock.now() - timedelta(days=365)
    async with database.read() as read:
        verdict = await exchange.evidence.check(read, database.vault, heads, kept_since=since)
    assert verdict.sound == (not verdict.findings)
    return {one.kind for one in verdict.findings}


async def exported(database: Database, message_id: UUID, caller: Caller = OPERATOR) -> bytes:
    return await database.transact(lambda tx: exchange.evidence.export(tx, caller, message_id))


async def test_one_message_is_proven_offline_and_tells_nothing_of_others(
    database: Database, evidence: exchange.Evidence, heads: exchange.HeadFile
) -> None:
    ids = await kept(database, evidence, 30)
    with pytest.raises(NotSealedYet):
        await exported(database, ids[7])
    await sealed(database, heads)
    file = await exported(database, ids[7])
    proven = verify_export(file)
    assert (proven.request, proven.answer) == (b'{"code":"7"}', b'{"n":7}')
    assert proven.about["institution"] == HOSPITAL.hex
    assert proven.about["headers"] == {"authorization": "HC1-SM2 …"}
    assert proven.key.id == database.vault.trust_list("exchange.evidence-head")[0].public.id
    for other in (8, 29):
        assert ids[other].hex not in file.decode()
    assert await told(database, heads) == set()
    async with database.read() as read:
        deeds = await audit.deeds_about(read, [HOSPITAL])
    assert [(deed.deed, deed.reason) for deed in deeds][:1] == [("exchange.message-opened", "核对争议报文")]


async def test_an_export_that_was_changed_proves_nothing(
    database: Database, evidence: exchange.Evidence, heads: exchange.HeadFile
) -> None:
    *_, message_id = await kept(database, evidence, 5)
    await sealed(database, heads)
    file = await exported(database, message_id)
    whole = json.loads(file)
    harmed: list[dict[str, Any]] = [
        whole | {"format": "another"},
        whole | {"message": whole["message"][:-8] + "AAAAAAA="},
        whole | {"path": whole["path"][:-1]},
        whole | {"batch": whole["batch"] | {"id": new_id().hex}},
        whole | {"block": whole["block"] | {"seq": 2}},
        whole | {"block": whole["block"] | {"sealed_at": "2026-01-01T00:00:00+00:00"}},
        whole | {"signature": whole["signature"] | {"value": "00" * 64}},
        {name: value for name, value in whole.items() if name != "path"},
    ]
    for one in harmed:
        with pytest.raises(EvidenceWrong):
            verify_export(json.dumps(one).encode())
    with pytest.raises(EvidenceWrong):
        verify_export(file, lambda _: False)
    with pytest.raises(EvidenceWrong):
        verify_export(b"\xff not JSON")


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("UPDATE exchange.evidence_batches SET body_sealed = body_sealed || '\\x00'", "altered"),
        ("UPDATE exchange.evidence_batches SET root = sha256(root)", "altered"),
        ("DELETE FROM exchange.evidence_batches", "removed"),
        ("UPDATE exchange.evidence_messages SET outcome = 'card-frozen' WHERE place = 1", "line-altered"),
        ("DELETE FROM exchange.evidence_messages WHERE place = 0", "line-removed"),
        (
            "UPDATE exchange.evidence_blocks SET batch_ids = ARRAY[batch_ids[2], batch_ids[1]] WHERE seq = 2",
            "block-altered",
        ),
        ("UPDATE exchange.evidence_blocks SET signature = sha512(signature) WHERE seq = 1", "block-altered"),
        ("DELETE FROM exchange.evidence_blocks WHERE seq = 1", "block-removed"),
        ("DELETE FROM exchange.evidence_blocks WHERE seq = 2", "cut-off"),
    ],
)
async def test_what_is_done_to_it_shows(
    database: Database,
    evidence: exchange.Evidence,
    heads: exchange.HeadFile,
    owner: asyncpg.Connection,
    harm: str,
    finding: str,
) -> None:
    """Given two blocks, the second of two batches, when the owner of the tables does harm, then it is named."""
    await kept(database, evidence, 3)
    await sealed(database, heads)
    for _ in range(2):
        await evidence.keep(message(database))
    await sealed(database, heads)
    assert await told(database, heads) == set()
    await owner.execute(harm)
    assert finding in await told(database, heads)


async def test_messages_in_another_order_and_forged_heads_show(
    database: Database, evidence: exchange.Evidence, heads: exchange.HeadFile, owner: asyncpg.Connection
) -> None:
    ids = await kept(database, evidence, 2)
    await evidence.keep(message(database, 9))
    await sealed(database, heads)
    bodies = await owner.fetch("SELECT id, body_sealed FROM exchange.evidence_batches ORDER BY id")
    await owner.execute(
        "UPDATE exchange.evidence_batches SET body_sealed = $2 WHERE id = $1", bodies[0]["id"], bodies[1]["body_sealed"]
    )
    assert "altered" in await told(database, heads)
    with pytest.raises(EvidenceDamaged):
        await exported(database, ids[0])
    line = json.loads(heads.path.read_text())
    heads.path.write_text(json.dumps(line | {"seq": 7}) + "\n")
    assert {"head-forged", "cut-off"} <= await told(database, heads)


async def test_a_batch_behind_the_sealers_back_shows(
    database: Database, evidence: exchange.Evidence, heads: exchange.HeadFile, owner: asyncpg.Connection
) -> None:
    await evidence.keep(message(database))
    await owner.execute("DELETE FROM exchange.evidence_unsealed")
    await sealed(database, heads)
    assert await told(database, heads) == {"unsealed"}


async def test_a_graceful_end_writes_what_waits_and_takes_no_more(database: Database) -> None:
    keeping = exchange.Evidence(database)
    waiting = [asyncio.ensure_future(keeping.keep(message(database, n))) for n in range(300)]
    await asyncio.sleep(0)
    await keeping.close()
    ids = await asyncio.gather(*waiting)
    async with database.read() as read:
        lines = await read.values(UUID, "SELECT id FROM exchange.evidence_messages WHERE id = ANY($1)", ids)
    assert sorted(lines) == sorted(ids)
    with pytest.raises(Unavailable):
        await keeping.keep(message(database))


async def test_what_was_acknowledged_is_there_however_the_process_ends(database: Database) -> None:
    """Given a process that never closes, then each message it acknowledged stands, with its body."""
    killed = exchange.Evidence(database)
    ids = await kept(database, killed, 5)
    killed._gatherer._task = None  # a killed process runs nothing more
    async with database.read() as read:
        held = await read.value(
            int,
            """
            SELECT count(*)::integer FROM exchange.evidence_messages AS m
              JOIN exchange.evidence_batches AS b ON b.id = m.batch_id AND b.made_at = m.batch_at
             WHERE m.id = ANY($1)
            """,
            ids,
        )
    assert held == 5
    await killed.close()


async def test_large_bodies_stand_by_their_digest(
    database: Database, evidence: exchange.Evidence, heads: exchange.HeadFile
) -> None:
    large = bytes(300 * 1024)
    message_id = await evidence.keep(message(database, request=large))
    await sealed(database, heads)
    proven = verify_export(await exported(database, message_id))
    assert (proven.request, proven.about["request_bytes"]) == (b"", len(large))
    assert proven.about["request_sm3"] == sm3(large).hex()


async def test_searching_is_a_deed_and_ends_at_ones_own_institution(
    database: Database, evidence: exchange.Evidence
) -> None:
    ids = await kept(database, evidence, 5)
    await evidence.keep(message(database, 5, method="POST /api/v1/people", outcome="forbidden"))
    await evidence.keep(message(database, 6, caller=None))
    now = database.clock.now()
    wanted = exchange.evidence.Wanted(HOSPITAL, now - timedelta(hours=1), now + timedelta(seconds=1))

    async def found(caller: Caller = OPERATOR, **other: Any) -> list[str]:
        lines = await database.transact(lambda tx: exchange.evidence.search(tx, caller, replace(wanted, **other)))
        return [line.request_id for line in lines]

    assert len(await found()) == 6
    assert await found(method="POST /api/v1/people") == ["request-000005"]
    assert await found(request_id="request-000003") == ["request-000003"]
    assert await found(outcome="forbidden", face="fhir") == []
    assert await found(institution_id=exchange.evidence.NOBODY, request_id="request-000006") == ["request-000006"]
    with pytest.raises(NoSuchMessage):
        await found(replace(OPERATOR, institution_id=new_id()))
    with pytest.raises(NoSuchMessage):
        await exported(database, ids[0], replace(OPERATOR, institution_id=new_id()))
    with pytest.raises(Forbidden):
        await found(MACHINE)
    async with database.read() as read:
        deeds = await audit.deeds_about(read, [HOSPITAL])
    assert {deed.deed for deed in deeds} == {"exchange.messages-searched"}


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sm3(b"\1" + slow_root(leaves[:split]) + slow_root(leaves[split:]))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31])
def test_every_leaf_comes_to_the_root_of_the_slow_twin(count: int) -> None:
    leaves = [leaf(bytes([n])) for n in range(count)]
    root = slow_root(leaves)
    assert root_of(leaves) == root
    assert all(root_by(one, path_of(leaves, place)) == root for place, one in enumerate(leaves))
    assert count == 1 or root_by(leaf(b"another"), path_of(leaves, 0)) != root
