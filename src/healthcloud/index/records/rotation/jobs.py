"""The job after each step of a key's rotation: seal and digest anew, add missing blocks, prune dead ones."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.db import Transaction
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import features_of
from healthcloud.index.model import BLOCK, CONTENT, DIGEST
from healthcloud.index.records.contents import blocks, digests, open_content, seal
from healthcloud.index.records.model import sealed_for
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.rotation import store

KIND = "index.follow-keys"
CHUNK = 200
WAIT = timedelta(seconds=30)
_FIRST = UUID(int=0)
_LOWEST = -(2**63)

Cursor: TypeAlias = list[str]
Walk: TypeAlias = Callable[[Transaction, Cursor], Awaitable[tuple[Cursor, int]]]


async def follow_keys(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have what is stored follow its keys; call it after each step of a rotation."""
    await enqueue(tx, KIND, {}, due_at=due_at, priority=Priority.BULK)


async def follow(tx: Transaction, body: Body) -> Progress | None:
    """
    Do one chunk and say where to go on.

    It begins only when every process knows the keys as they are: a block that one of them still adds must not go.
    """
    if not all(tx.vault.settled(purpose, tx.clock.now()) for purpose in (BLOCK, DIGEST)):
        await enqueue(tx, KIND, body, due_at=tx.clock.now() + WAIT, priority=Priority.BULK)
        return None
    stage, cursor, done = int(body.get("stage", 0)), list(body.get("cursor", [])), int(body.get("done", 0))
    if stage >= len(_WALKS):
        return None
    cursor, count = await _WALKS[stage](tx, cursor)
    return Progress({"stage": stage if cursor else stage + 1, "cursor": cursor, "done": done + count}, done + count)


KINDS = (JobKind(KIND, follow, batch=1),)


async def _records(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    rows = await store.records_after(tx, UUID(cursor[0]) if cursor else _FIRST, CHUNK)
    model = await live_model(tx)
    renewed: list[store.Renewed] = []
    found = []
    for row in rows:
        content = open_content(tx.vault, row)
        digest = digests(tx.vault, row.source_id, row.number or str(row.id), content)[0]
        is_current = tx.vault.is_current(CONTENT, row.content_sealed)
        if not is_current or digest != row.digest:
            sealed = row.content_sealed if is_current else seal(tx.vault, row.id, row.version, content)
            renewed.append(store.Renewed(row.id, sealed, digest))
        found += blocks(tx.vault, row.id, features_of(content), model)
    if renewed:
        await store.renew(tx, renewed)
    if found:
        await neighbours.add_blocks(tx, found)
    return _next([(str(row.id),) for row in rows]), len(rows)


async def _versions(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    after = (UUID(cursor[0]), int(cursor[1])) if cursor else (_FIRST, 0)
    rows = await store.versions_after(tx, *after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(CONTENT, row.sealed)]
    if old:
        places = [sealed_for(row.record_id, row.version) for row in old]
        new = [
            tx.vault.seal(CONTENT, place, tx.vault.open(CONTENT, place, row.sealed))
            for place, row in zip(places, old, strict=True)
        ]
        await store.reseal_versions(tx, [row.record_id for row in old], [row.version for row in old], new)
    return _next([(str(row.record_id), str(row.version)) for row in rows]), len(rows)


async def _prune(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    live = [number for number, _ in tx.vault.numbered_fingerprints(BLOCK, "")]
    gone = await store.prune_blocks(tx, int(cursor[0]) if cursor else _LOWEST, live, CHUNK)
    return ([str(max(gone))] if len(gone) >= CHUNK else []), len(gone)


_WALKS: tuple[Walk, ...] = (_records, _versions, _prune)


def _next(places: Sequence[tuple[str, ...]]) -> Cursor:
    return list(places[-1]) if len(places) == CHUNK else []
