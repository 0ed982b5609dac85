"""The job after a sealing key's promotion: whatever is sealed under another key than the current is sealed again."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction
from healthcloud.people.corrections.actions import AFTER, BEFORE
from healthcloud.people.id_records import store as id_records
from healthcloud.people.id_records.actions import RECORD
from healthcloud.people.model import DOCUMENT, FACE, HISTORY, PHONE, PHOTO
from healthcloud.people.photos import store as photos
from healthcloud.people.proposals import store as proposals
from healthcloud.people.proposals.actions import PROPOSED
from healthcloud.people.requests.model import ANSWERED, ASKED
from healthcloud.people.rotation import store
from healthcloud.people.rotation.fingerprints.jobs import KIND as REFINGERPRINT_KIND
from healthcloud.people.rotation.store import History, Texts
from healthcloud.people.sealed import SealedValue

RESEAL = "people.reseal"
CHUNK = 500
PHOTOS_AT_ONCE = 20  # each a hundred times the size of the other values
_FIRST = UUID(int=0)

Cursor: TypeAlias = tuple[UUID, UUID]
Row: TypeAlias = SealedValue | History | Texts
Walk: TypeAlias = Callable[[Transaction, Cursor], Awaitable[Sequence[Row]]]


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have sealed values follow their keys; call it after a promotion, before the old key is retired."""
    await enqueue(tx, RESEAL, {}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Do one chunk and say where to go on; what is current already is left alone."""
    stage, done = int(body.get("stage", 0)), int(body.get("done", 0))
    if stage >= len(_WALKS):
        return None
    after = [UUID(text) for text in body.get("after", [])] or [_FIRST, _FIRST]
    walk = _WALKS[stage]
    rows = await walk(tx, (after[0], after[1]))
    done += len(rows)
    if len(rows) < (PHOTOS_AT_ONCE if walk is _photos else CHUNK):
        return Progress({"stage": stage + 1, "done": done}, done)
    last = rows[-1]
    return Progress({"stage": stage, "after": [str(last.person_id), str(last.item_id)], "done": done}, done)


KINDS = (JobKind(RESEAL, reseal, batch=1), REFINGERPRINT_KIND)


def _again(vault: Vault, purpose: str, row: bytes, sealed: bytes) -> bytes:
    return sealed if vault.is_current(purpose, sealed) else vault.seal(purpose, row, vault.open(purpose, row, sealed))


def _row(value: Row) -> bytes:
    return value.person_id.bytes + value.item_id.bytes


async def _faces(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await store.faces_after(tx, after[0], CHUNK)
    old = [row for row in rows if not tx.vault.is_current(FACE, row.sealed)]
    if old:
        new = [_again(tx.vault, FACE, row.person_id.bytes, row.sealed) for row in old]
        await store.replace_faces(tx, [row.person_id for row in old], [row.sealed for row in old], new)
    return rows


async def _documents(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await store.documents_after(tx, *after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(DOCUMENT, row.sealed)]
    if old:
        new = [_again(tx.vault, DOCUMENT, _row(row), row.sealed) for row in old]
        await store.replace_numbers(tx, [row.person_id for row in old], [row.item_id for row in old], new)
    return rows


async def _contacts(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await store.contacts_after(tx, *after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(PHONE, row.sealed)]
    if old:
        new = [_again(tx.vault, PHONE, _row(row), row.sealed) for row in old]
        await store.replace_phones(tx, [row.person_id for row in old], [row.item_id for row in old], new)
    return rows


async def _history(tx: Transaction, after: Cursor) -> Sequence[History]:
    rows = await store.corrections_after(tx, *after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(HISTORY, row.after_sealed)]
    if old:
        before = [_again(tx.vault, HISTORY, _row(row) + BEFORE, row.before_sealed) for row in old]
        now = [_again(tx.vault, HISTORY, _row(row) + AFTER, row.after_sealed) for row in old]
        await store.replace_history(tx, [row.person_id for row in old], [row.item_id for row in old], before, now)
    return rows


async def _requests(tx: Transaction, after: Cursor) -> Sequence[Texts]:
    rows = await store.requests_after(tx, *after, CHUNK)
    old = [row for row in rows if not _is_current(tx.vault, row)]
    if old:
        texts = [_again(tx.vault, HISTORY, _row(row) + ASKED, row.text_sealed) for row in old]
        answers = [
            None if row.answer_sealed is None else _again(tx.vault, HISTORY, _row(row) + ANSWERED, row.answer_sealed)
            for row in old
        ]
        await store.replace_texts(tx, [row.person_id for row in old], [row.item_id for row in old], texts, answers)
    return rows


def _is_current(vault: Vault, row: Texts) -> bool:
    return all(vault.is_current(HISTORY, one) for one in (row.text_sealed, row.answer_sealed) if one is not None)


async def _photos(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await photos.photos_after(tx, after[0], PHOTOS_AT_ONCE)
    for row in rows:
        if not tx.vault.is_current(PHOTO, row.sealed):
            sealed = _again(tx.vault, PHOTO, row.person_id.bytes + row.item_id.bytes, row.sealed)
            await photos.reseal_photo(tx, row.person_id, row.item_id, sealed)
    return rows


async def _records(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await id_records.records_after(tx, after[0], CHUNK)
    for row in rows:
        if not tx.vault.is_current(DOCUMENT, row.sealed):
            sealed = _again(tx.vault, DOCUMENT, row.person_id.bytes + RECORD, row.sealed)
            await id_records.reseal_record(tx, row.person_id, row.sealed, sealed)
    return rows


async def _proposals(tx: Transaction, after: Cursor) -> Sequence[SealedValue]:
    rows = await proposals.proposals_after(tx, *after, CHUNK)
    for row in rows:
        if not tx.vault.is_current(HISTORY, row.sealed):
            sealed = _again(tx.vault, HISTORY, row.person_id.bytes + row.item_id.bytes + PROPOSED, row.sealed)
            await proposals.reseal_proposal(tx, row.person_id, row.item_id, sealed)
    return rows


_WALKS: tuple[Walk, ...] = (_faces, _documents, _contacts, _history, _requests, _photos, _records, _proposals)
