"""What administrators look at: clients and keys, never a secret."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.access.clients import store
from healthcloud.access.clients.actions import SCOPE
from healthcloud.access.clients.errors import NoSuchClient
from healthcloud.access.clients.model import Client
from healthcloud.access.rights import must_hold
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in a list."""

    id: UUID
    institution_id: UUID
    name: str
    scopes: list[str]
    quota_per_second: int
    created_at: datetime
    revoked_at: datetime | None
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in a list."""

    id: UUID
    algorithm: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


async def clients_of(
    read: Read, caller: Caller, institution_id: UUID | None = None, *, after: UUID = FIRST, limit: int = 50
) -> list[ClientLine]:
    """Return clients by id after a place in the list, of one institution if asked."""
    must_hold(caller, SCOPE)
    return [_line(one) for one in await store.clients_after(read, institution_id, after, limit)]


async def client_of(read: Read, caller: Caller, client_id: UUID) -> ClientLine:
    """Return one client, shut out or not. Raises NoSuchClient."""
    must_hold(caller, SCOPE)
    c = await store.client(read, client_id)
    if c is None:
        raise NoSuchClient
    return _line(c)


async def live_keys(read: Read, institution_ids: list[UUID]) -> dict[UUID, int]:
    """Count the keys that may sign for these institutions now; one that has none is left out. A number tells nobody."""
    found = await store.live_keys(read, institution_ids, read.clock.now())
    return {one.institution_id: one.keys for one in found}


def _line(c: Client) -> ClientLine:
    return ClientLine(
        c.id, c.institution_id, c.name, c.scopes, c.quota_per_second, c.created_at, c.revoked_at, c.addresses
    )


async def keys_of(read: Read, caller: Caller, client_id: UUID) -> list[KeyLine]:
    """Return every key a client ever had, the oldest first."""
    must_hold(caller, SCOPE)
    keys = await store.keys(read, client_id)
    return [KeyLine(k.id, k.algorithm, k.created_at, k.expires_at, k.revoked_at) for k in keys]
