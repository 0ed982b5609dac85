"""The job after each step of a fingerprint key's rotation: claim what is missing, delete what no live key makes."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.db import Transaction
from healthcloud.people.contacts.store import follow_phones
from healthcloud.people.documents.model import stored_document
from healthcloud.people.identities import store as identities
from healthcloud.people.identities.model import Claim, claims_of
from healthcloud.people.model import DOCUMENT, IDENTITY_INDEX, PHONE, PHONE_INDEX
from healthcloud.people.registration.model import birth_key
from healthcloud.people.rotation.fingerprints import store

REFINGERPRINT = "people.refingerprint"
CHUNK = 500
WAIT = timedelta(seconds=30)
_FIRST = UUID(int=0)

# Where a walk stands: the cursor after a chunk, and how many rows it had; an empty cursor ends the walk.
Cursor: TypeAlias = list[str]
Walk: TypeAlias = Callable[[Transaction, Cursor], Awaitable[tuple[Cursor, int]]]


async def keep_fingerprints(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have the lookup tables follow their keys; call it after each step of a rotation."""
    await enqueue(tx, REFINGERPRINT, {}, due_at=due_at, priority=Priority.BULK)


async def refingerprint(tx: Transaction, body: Body) -> Progress | None:
    """
    Do one chunk and say where to go on.

    It begins only when every process knows the keys as they are: a row that one of them still claims must not go.
    """
    if not all(tx.vault.settled(purpose, tx.clock.now()) for purpose in (IDENTITY_INDEX, PHONE_INDEX)):
        await enqueue(tx, REFINGERPRINT, body, due_at=tx.clock.now() + WAIT, priority=Priority.BULK)
        return None
    stage, cursor, done = int(body.get("stage", 0)), list(body.get("cursor", [])), int(body.get("done", 0))
    if stage >= len(_WALKS):
        return None
    cursor, count = await _WALKS[stage](tx, cursor)
    return Progress({"stage": stage if cursor else stage + 1, "cursor": cursor, "done": done + count}, done + count)


KIND = JobKind(REFINGERPRINT, refingerprint, batch=1)


async def _claim(tx: Transaction, claims: list[Claim]) -> None:
    if claims:
        await identities.claim(tx, sorted(claims, key=lambda claim: claim.fingerprint))


async def _documents(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    rows = await store.numbers_after(tx, *_pair(cursor), CHUNK)
    claims: list[Claim] = []
    for row in rows:
        number = tx.vault.open(DOCUMENT, row.person_id.bytes + row.item_id.bytes, row.sealed).decode()
        key = stored_document(row.kind, number, row.issuer).key
        claims += claims_of(tx.vault, key, row.person_id, row.item_id)
    await _claim(tx, claims)
    return _next([(str(row.person_id), str(row.item_id)) for row in rows]), len(rows)


async def _births(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    rows = await store.births_after(tx, UUID(cursor[0]) if cursor else _FIRST, CHUNK)
    claims: list[Claim] = []
    for row in rows:
        for mother_id in row.mother_ids:
            key = birth_key(mother_id, row.birth_date, row.birth_order)
            claims += claims_of(tx.vault, key, row.person_id, None)
    await _claim(tx, claims)
    return _next([(str(row.person_id),) for row in rows]), len(rows)


async def _phones(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    rows = await store.phones_after(tx, *_pair(cursor), CHUNK)
    by_number: dict[str, list[UUID]] = {}
    for row in rows:
        number = tx.vault.open(PHONE, row.person_id.bytes + row.item_id.bytes, row.sealed).decode()
        by_number.setdefault(number, []).append(row.person_id)
    # Two persons of one number go into different statements: one row takes one of them at a time.
    for place in range(max(map(len, by_number.values()), default=0)):
        await follow_phones(
            tx,
            [
                (key_number, fingerprint, person_ids[place])
                for number, person_ids in by_number.items()
                if place < len(person_ids)
                for key_number, fingerprint in tx.vault.numbered_fingerprints(PHONE_INDEX, number)
            ],
        )
    return _next([(str(row.person_id), str(row.item_id)) for row in rows]), len(rows)


async def _prune_identities(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    gone = await store.prune_identities(tx, _bytes(cursor), _live(tx, IDENTITY_INDEX), CHUNK)
    return _next([(max(gone).hex(),)] if gone else [], full=len(gone) == CHUNK), len(gone)


async def _prune_phones(tx: Transaction, cursor: Cursor) -> tuple[Cursor, int]:
    gone = await store.prune_phones(tx, _bytes(cursor), _live(tx, PHONE_INDEX), CHUNK)
    return _next([(max(gone).hex(),)] if gone else [], full=len(gone) == CHUNK), len(gone)


_WALKS: tuple[Walk, ...] = (_documents, _births, _phones, _prune_identities, _prune_phones)


def _live(tx: Transaction, purpose: str) -> list[int]:
    return [number for number, _ in tx.vault.numbered_fingerprints(purpose, "")]


def _pair(cursor: Cursor) -> tuple[UUID, UUID]:
    return (UUID(cursor[0]), UUID(cursor[1])) if cursor else (_FIRST, _FIRST)


def _bytes(cursor: Cursor) -> bytes:
    return bytes.fromhex(cursor[0]) if cursor else b""


def _next(rows: list[tuple[str, ...]], *, full: bool | None = None) -> Cursor:
    is_full = len(rows) == CHUNK if full is None else full
    return list(rows[-1]) if is_full else []
