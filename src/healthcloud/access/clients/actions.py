"""Admitting institutions' machines and giving them keys; a secret is shown once, when its key is made."""

import secrets
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from healthcloud import audit
from healthcloud.access.clients import store
from healthcloud.access.clients.addresses import read_addresses
from healthcloud.access.clients.errors import NoSuchClient, PublicKeyUnreadable, ScopeNotForClients, TwoKeysLive
from healthcloud.access.clients.model import (
    APP_SECRET_LENGTH,
    APP_SECRET_LETTERS,
    SECRET_BYTES,
    Client,
    ClientKey,
    client_rights_text,
    secret_row,
)
from healthcloud.access.clients.proofs import read_public_key
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
    """
    A key just made, with its secret, which can never be shown again.

    The secret is the base64 of 32 bytes; of an APP-SECRET key 16 letters and digits; of an SM2 key empty, as only the
    institution has it.
    """

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
    addresses: Iterable[str] = (),
) -> NewClient:
    """Admit an institution's machine with these scopes. Raises ScopeNotForClients, AddressesUnreadable."""
    must_hold(caller, SCOPE)
    held, places = sorted(set(scopes)), read_addresses(addresses)
    if not CLIENT_SCOPES.issuperset(held):
        raise ScopeNotForClients
    client_id = new_id()
    mac = tx.vault.fingerprint(RIGHTS, client_rights_text(client_id, institution_id, held, places))
    client = Client(client_id, institution_id, name, held, quota_per_second, tx.clock.now(), None, mac, places)
    await store.add_client(tx, client)
    detail = {"client": str(client_id), "scopes": " ".join(held)}
    await audit.record(tx, caller, "access.client-created", institution_id, detail=detail)
    return NewClient(client_id)


async def change_client_addresses(tx: Transaction, caller: Caller, client_id: UUID, addresses: Iterable[str]) -> None:
    """Let a client's requests come from these networks only; none: anywhere. NoSuchClient, AddressesUnreadable."""
    client, places = await _open(tx, caller, client_id), read_addresses(addresses)
    text = client_rights_text(client_id, client.institution_id, client.scopes, client.addresses)
    if client.mac not in tx.vault.fingerprints(RIGHTS, text):
        raise NoSuchClient("its row was altered past this software")
    fresh = client_rights_text(client_id, client.institution_id, client.scopes, places)
    if not await store.change_addresses(tx, client_id, places, tx.vault.fingerprint(RIGHTS, fresh)):
        raise NoSuchClient
    detail = {"client": str(client_id), "addresses": " ".join(places)}
    await audit.record(tx, caller, "access.client-addresses-changed", client.institution_id, detail=detail)


async def add_client_key(
    tx: Transaction,
    caller: Caller,
    client_id: UUID,
    *,
    algorithm: Algorithm = Algorithm.SM3,
    expires_at: datetime | None = None,
    public_key: str = "",
) -> NewKey:
    """
    Give a client another key; the one it has stays live, for the roll-over.

    An SM2 key is the institution's own: its public half comes in as PEM or hex. Raises NoSuchClient, TwoKeysLive,
    PublicKeyUnreadable.
    """
    client = await _open(tx, caller, client_id)
    now = tx.clock.now()
    await store.end_expired_keys(tx, client_id, now)
    key_id, (secret, shown) = new_id(), _secret(algorithm, public_key)
    sealed = tx.vault.seal(CLIENT_SECRET, secret_row(key_id, client_id), secret)
    for place in _PLACES:
        key = ClientKey(key_id, client_id, client.institution_id, place, algorithm, sealed, now, expires_at, None)
        if await store.add_key(tx, key):
            break
    else:
        raise TwoKeysLive
    detail = {"client": str(client_id), "key": str(key_id), "algorithm": algorithm}
    await audit.record(tx, caller, "access.key-added", client.institution_id, detail=detail)
    return NewKey(key_id, algorithm, shown, expires_at)


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


def _secret(algorithm: Algorithm, public_key: str) -> tuple[bytes, str]:
    """Return what is kept of a new key, and what is shown of it."""
    if algorithm is Algorithm.SM2:
        return read_public_key(public_key), ""
    if public_key:
        raise PublicKeyUnreadable
    if algorithm is Algorithm.APP_SECRET:
        text = "".join(secrets.choice(APP_SECRET_LETTERS) for _ in range(APP_SECRET_LENGTH))
        return text.encode(), text
    secret = secrets.token_bytes(SECRET_BYTES)
    return secret, b64encode(secret).decode()


async def _open(tx: Transaction, caller: Caller, client_id: UUID) -> Client:
    must_hold(caller, SCOPE)
    client = await store.client(tx, client_id)
    if client is None or client.revoked_at is not None:
        raise NoSuchClient
    return client
