"""
The job of a rotation: run it after `add` and again after `promote`, before the old key is retired.

It seals again what another than the current key sealed, adds look-up lines for every live fingerprint key and deletes
those no live key makes, and vouches anew for rights that are genuine; an altered row stays as it is and gives nothing.
Codes, counted tries and invitations are not walked: they are over within days, so retire their keys after that.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from healthcloud.access.clients.model import client_rights_text, secret_row
from healthcloud.access.purposes import CLIENT_SECRET, PHONE, PHONE_FINGERPRINT, RIGHTS, SECOND_FACTOR
from healthcloud.access.roles import rights_text
from healthcloud.access.rotation import store
from healthcloud.access.rotation.store import Sealed
from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction

FOLLOW_KEYS = "access.follow-keys"
CHUNK = 500
_FIRST = UUID(int=0).hex

# The last row's key of a chunk as texts, None when the walk has come to its end; and how many rows it saw.
Step: TypeAlias = tuple[list[str] | None, int]
Walk: TypeAlias = Callable[[Transaction, list[str]], Awaitable[Step]]
Replace: TypeAlias = Callable[[Transaction, list[UUID], list[bytes], list[bytes]], Awaitable[None]]


async def keep_up(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have everything of access follow its keys."""
    await enqueue(tx, FOLLOW_KEYS, {}, due_at=due_at, priority=Priority.BULK)


async def follow_keys(tx: Transaction, body: Body) -> Progress | None:
    """Do one chunk and say where to go on; what is current already is left alone."""
    stage, done = int(body.get("stage", 0)), int(body.get("done", 0))
    if stage >= len(_WALKS):
        return None
    after, seen = await _WALKS[stage](tx, list(body.get("after", [])))
    done += seen
    here = {"stage": stage, "after": after} if after is not None else {"stage": stage + 1}
    return Progress({**here, "done": done}, done)


async def _factors(tx: Transaction, after: list[str]) -> Step:
    rows = await store.factors_after(tx, _id(after), CHUNK)
    await _seal_again(tx, SECOND_FACTOR, rows, lambda row: row.id.bytes, store.replace_factors)
    return _step(len(rows), (row.id.hex for row in rows[-1:]))


async def _secrets(tx: Transaction, after: list[str]) -> Step:
    rows = await store.secrets_after(tx, _id(after), CHUNK)
    await _seal_again(tx, CLIENT_SECRET, rows, lambda row: secret_row(row.id, row.owner_id), store.replace_secrets)
    return _step(len(rows), (row.id.hex for row in rows[-1:]))


async def _numbers(tx: Transaction, after: list[str]) -> Step:
    rows = await store.numbers_after(tx, _id(after), CHUNK)
    lines = sorted((fingerprint, row.id) for row in rows for fingerprint in _fingerprints(tx.vault, row))
    await store.claim_fingerprints(tx, [line[0] for line in lines], [line[1] for line in lines])
    await _seal_again(tx, PHONE, rows, lambda row: row.id.bytes, store.replace_numbers)
    return _step(len(rows), (row.id.hex for row in rows[-1:]))


async def _phones(tx: Transaction, after: list[str]) -> Step:
    rows = await store.phones_after(tx, bytes.fromhex(after[0]) if after else b"", CHUNK)
    numbers = await store.numbers_of(tx, sorted({row.account_id for row in rows}))
    live = {(fingerprint, row.id) for row in numbers for fingerprint in _fingerprints(tx.vault, row)}
    dead = [row.fingerprint for row in rows if (row.fingerprint, row.account_id) not in live]
    if dead:
        await store.drop_fingerprints(tx, dead)
    return _step(len(rows), (row.fingerprint.hex() for row in rows[-1:]))


async def _grants(tx: Transaction, after: list[str]) -> Step:
    rows = await store.grants_after(tx, _id(after), after[1] if after else "", CHUNK)
    old = [(row, fresh) for row in rows if (fresh := _vouched_again(tx.vault, rights_text(row), row.mac))]
    if old:
        await store.replace_grant_macs(
            tx,
            [row.account_id for row, _ in old],
            [row.role for row, _ in old],
            [row.mac for row, _ in old],
            [fresh for _, fresh in old],
        )
    return _step(len(rows), (text for row in rows[-1:] for text in (row.account_id.hex, row.role)))


async def _clients(tx: Transaction, after: list[str]) -> Step:
    rows = await store.clients_after(tx, _id(after), CHUNK)
    texts = [client_rights_text(row.id, row.institution_id, row.scopes, row.addresses) for row in rows]
    judged = [(row, _vouched_again(tx.vault, text, row.mac)) for row, text in zip(rows, texts, strict=True)]
    old = [(row, fresh) for row, fresh in judged if fresh]
    if old:
        macs = [row.mac for row, _ in old], [fresh for _, fresh in old]
        await store.replace_client_macs(tx, [row.id for row, _ in old], *macs)
    return _step(len(rows), (row.id.hex for row in rows[-1:]))


_WALKS: tuple[Walk, ...] = (_factors, _secrets, _numbers, _phones, _grants, _clients)
KINDS = (JobKind(FOLLOW_KEYS, follow_keys, batch=1),)


def _step(seen: int, last: Iterable[str]) -> Step:
    return (list(last) if seen == CHUNK else None), seen


def _id(after: list[str]) -> UUID:
    return UUID(after[0] if after else _FIRST)


async def _seal_again(
    tx: Transaction, purpose: str, rows: list[Sealed], row_of: Callable[[Sealed], bytes], replace: Replace
) -> None:
    vault, old = tx.vault, [row for row in rows if not tx.vault.is_current(purpose, row.value)]
    if old:
        new = [vault.seal(purpose, row_of(row), vault.open(purpose, row_of(row), row.value)) for row in old]
        await replace(tx, [row.id for row in old], [row.value for row in old], new)


def _fingerprints(vault: Vault, row: Sealed) -> tuple[bytes, ...]:
    return vault.fingerprints(PHONE_FINGERPRINT, vault.open(PHONE, row.id.bytes, row.value).decode())


def _vouched_again(vault: Vault, text: str, mac: bytes) -> bytes | None:
    """Return the current key's MAC of a genuine row that has another; None for one that has it, or is not genuine."""
    live = vault.fingerprints(RIGHTS, text)
    return live[0] if mac in live[1:] else None
