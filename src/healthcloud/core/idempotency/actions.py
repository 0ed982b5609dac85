"""Carry a request out once."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from pydantic import BaseModel

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unauthenticated, Unavailable
from healthcloud.core.idempotency import store
from healthcloud.core.idempotency.errors import KeyReused
from healthcloud.core.idempotency.model import FINGERPRINT, KEPT_FOR, SEAL, Answer, Kept, digest_of, row_of

Result = TypeVar("Result")
_FORGET_AT_ONCE = 5000


async def once(
    tx: Transaction,
    caller: Caller,
    route: str,
    key: str,
    body: bytes,
    action: Callable[[Transaction], Awaitable[Result]],
    *,
    target: str = "",
    status: int = 201,
) -> Answer:
    """
    Run `action` unless this caller's request with this key was already carried out; answer alike in both cases.

    The key and the answer commit with the action's own writes. A twin that runs meanwhile waits for the first one's
    COMMIT, and runs itself when that was rolled back: a Problem is never stored. The same key with another body,
    `target` or person acted for raises KeyReused. Guests share no identity, so they have no keys: Unauthenticated.
    """
    if caller.kind is CallerKind.GUEST:
        raise Unauthenticated
    digest = digest_of(caller.on_behalf_of, target, body)
    fingerprints = tx.vault.fingerprints(FINGERPRINT, digest)
    now = tx.clock.now()
    # Two rounds: the purge may take an expired row between a lost claim and its reading.
    for _ in range(2):
        if await store.claim(tx, caller.account_id, route, key, fingerprints[0], now, now + KEPT_FOR) is not None:
            return await _carry_out(tx, caller, route, key, action, status)
        found = await store.kept(tx, caller.account_id, route, key)
        if found is not None:
            return answer_again(tx, row_of(caller.account_id, route, key), fingerprints, found)
    raise Unavailable(retry_after=1)


async def _carry_out(
    tx: Transaction,
    caller: Caller,
    route: str,
    key: str,
    action: Callable[[Transaction], Awaitable[Result]],
    status: int,
) -> Answer:
    body = to_json(await action(tx))
    sealed = tx.vault.seal(SEAL, row_of(caller.account_id, route, key), body)
    await store.keep(tx, caller.account_id, route, key, status, sealed)
    return Answer(status, body)


def answer_again(tx: Transaction, row: bytes, fingerprints: tuple[bytes, ...], found: Kept) -> Answer:
    """Return the stored answer to the same request; raise KeyReused for another under its key."""
    if found.body_hash not in fingerprints:
        raise KeyReused
    if found.status is None or found.answer_sealed is None:
        raise Unavailable(retry_after=1)
    return Answer(found.status, tx.vault.open(SEAL, row, found.answer_sealed), replayed=True)


def to_json(result: object) -> bytes:
    """Write what a request is answered with."""
    if isinstance(result, BaseModel):
        return result.model_dump_json().encode()
    return msgspec.json.encode(result)


async def forget_expired(tx: Transaction) -> int:
    """Delete answers older than a day, some thousands at a time; return how many, to be called again until 0."""
    return await store.forget(tx, tx.clock.now(), _FORGET_AT_ONCE)
