"""
Clients that do not sign: known by the connection their messages come over (decision 0071).

Only a client that was given the scope `exchange.hl7` is. Its connection is its own by a client certificate that names
it, or comes from an address on its list; without either an empty list means nowhere, where for signed requests it means
anywhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud.access.clients import store
from healthcloud.access.clients.addresses import is_among, networks_of
from healthcloud.access.clients.model import Client, client_rights_text
from healthcloud.access.clients.quotas import Bucket, Buckets
from healthcloud.access.purposes import RIGHTS
from healthcloud.access.roles import report_tampered
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database

SCOPE = "exchange.hl7"
_MOST = 200
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ProvenLine:
    """A connection that is a client's, and what is left of that client's quota."""

    caller: Caller
    bucket: Bucket = field(repr=False)


class Lines:
    """The connections of one process among so many `workers`."""

    def __init__(self, database: Database, workers: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._buckets = Buckets(workers, monotonic)

    async def line(self, institution_id: UUID, address: str | None, certified: UUID | None) -> ProvenLine | None:
        """
        Return whose a connection is that says it is this institution's; None when nobody's.

        `certified` is the client a verified certificate names: it must be that client, wherever it connects from unless
        its list says otherwise.
        """
        async with self._database.read() as read:
            clients = await store.clients_after(read, institution_id, _FIRST, _MOST)
        for client in clients:
            if self._is_theirs(client, address, certified) and await self._is_genuine(client):
                scopes = frozenset({*client.scopes, str(CallerKind.CLIENT)})
                caller = Caller(CallerKind.CLIENT, client.id, scopes, institution_id=client.institution_id)
                return ProvenLine(caller, self._buckets.bucket(client.id, client.quota_per_second))
        return None

    def take(self, line: ProvenLine) -> None:
        """Count one message of a line; raise QuotaExceeded beyond its client's quota."""
        line.bucket.take(self._monotonic())

    def _is_theirs(self, client: Client, address: str | None, certified: UUID | None) -> bool:
        if client.revoked_at is not None or SCOPE not in client.scopes:
            return False
        if certified is not None and certified != client.id:
            return False
        if certified is None and not client.addresses:
            return False
        return is_among(address, networks_of(client.addresses))

    async def _is_genuine(self, client: Client) -> bool:
        """Tell whether a client's rights are as this software wrote them."""
        text = client_rights_text(client.id, client.institution_id, client.scopes, client.addresses)
        if client.mac in self._database.vault.fingerprints(RIGHTS, text):
            return True
        await report_tampered(self._database, client.id, "client", client.mac)
        return False
