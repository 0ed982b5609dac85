"""Admitting institutions' machines and giving them keys; a secret is shown once, when its key is made."""

import secrets
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.access.clients import store
from healthcloud.access.clients.errors import NoSuchClient, ScopeNotForClients, TwoKeysLive
from healthcloud.access.clients.model import SECRET_BYTES, Client, ClientKey, client_rights_text, secret_row
from healthcloud.access.clients.signature import Algorithm
from healthcloud.access.purposes import CLIENT_SECRET, RIGHTS
from healthcloud.access.rights import must_hold
from healthcloud.access.roles import CLIENT_SCOPES
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

SCOPE = "access.manage-clients"
DEFAULT_QUOTA = 200
_PLACES = (1, 2)


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just admitted; it has no key yet."""

    client_id: UUID


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with its secret (base64 of 32 bytes), which can never be shown again."""

    key_id: UUID
    algorithm: str
    secret: str = field(repr=False)
    expires_at: datetime | None = None


async def create_client(
    tx: Transaction,
    caller: Caller,
    institution_id: UUID,
    name: str,
    scopes: Iterable[str],
    *,
    quota_per_second: int = DEFAULT_QUOTA,
) -> NewClient:
    """Admit an institution's machine with these scopes. Raises ScopeNotForClients."""
    must_hold(caller, SCOPE)
    held = sorted(set(scopes))
    if not CLIENT_SCOPES.issuperset(held):
        raise ScopeNotForClients
    client_id = new_id()
    mac = tx.vault.fingerprint(RIGHTS, client_rights_text(client_id, institution_id, held))
    client = Client(client_id, institution_id, name, held, quota_per_second, tx.clock.now(), None, mac)
    await store.add_client(tx, client)
    detail = {"client": str(client_id), "scopes": " ".join(held)}
    await audit.record(tx, caller, "access.client-created", institution_id, detail=detail)
    return NewClient(client_id)


async def add_client_key(
    tx: Transaction,
    caller: Caller,
    client_id: UUID,
    *,
    algorithm: Algorithm = Algorithm.SM3,
    expires_at: datetime | None = None,
) -> NewKey:
    """Give a client another key; the one it has stays live, for the roll-over. Raises NoSuchClient, TwoKeysLive."""
    client = await _open(tx, caller, client_id)
    now = tx.clock.now()
    await store.end_expired_keys(tx, client_id, now)
    key_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
    sealed = tx.vault.seal(CLIENT_SECRET, secret_row(key_id, client_id), secret)
    for place in _PLACES:
        key = ClientKey(key_id, client_id, client.institution_id, place, algorithm, sealed, now, expires_at, None)
        if await store.add_key(tx, key):
            break
    else:
        raise TwoKeysLive
    detail = {"client": str(client_id), "key": str(key_id), "algorithm": algorithm}
    await audit.record(tx, caller, "access.key-added", client.institution_id, detail=detail)
    return NewKey(key_id, algorithm, b64encode(secret).decode(), expires_at)


async def revoke_client_key(tx: Transaction, caller: Caller, client_id: UUID, key_id: UUID) -> None:
    """Revoke a key; its next request is refused. Raises NoSuchClient."""
    client = await _open(tx, caller, client_id)
    if not await store.revoke_key(tx, client_id, key_id, tx.clock.now()):
        raise NoSuchClient
    detail = {"client": str(client_id), "key": str(key_id)}
    await audit.record(tx, caller, "access.key-revoked", client.institution_id, detail=detail)


async def revoke_client(tx: Transaction, caller: Caller, client_id: UUID) -> None:
    """Shut a client out with all its keys, for good. Raises NoSuchClient."""
    client = await _open(tx, caller, client_id)
    await store.revoke_client(tx, client_id, tx.clock.now())
    await store.revoke_keys(tx, client_id, tx.clock.now())
    detail = {"client": str(client_id)}
    await audit.record(tx, caller, "access.client-revoked", client.institution_id, detail=detail)


async def _open(tx: Transaction, caller: Caller, client_id: UUID) -> Client:
    must_hold(caller, SCOPE)
    client = await store.client(tx, client_id)
    if client is None or client.revoked_at is not None:
        raise NoSuchClient
    return client
