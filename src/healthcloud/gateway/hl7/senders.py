"""
Who is believed (decision 0071): MSH-4 is a claim, the connection the proof.

The institution is the one whose number MSH-4 is; believed where one of its clients with the scope exchange.hl7 is known
by this connection: by the client certificate it was opened with, or by its address.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from healthcloud import access, institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Conflict
from healthcloud.core.flights import Flights
from healthcloud.gateway.hl7.errors import SenderNotBelieved

FRESH_SECONDS = 30.0
MOST_KNOWN = 10_000


class Connection(NamedTuple):
    """What a connection proves by itself: its network address, and the client a verified certificate names."""

    address: str | None
    certified: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    line: access.clients.ProvenLine | None
    until: float


class Senders:
    """Who sends over the connections of one process."""

    def __init__(self, database: Database, workers: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._lines = access.clients.Lines(database, workers, monotonic)
        self._known: dict[tuple[str, Connection], _Known] = {}
        self._finding: Flights[tuple[str, Connection], _Known] = Flights()

    async def caller(self, facility: str, connection: Connection) -> Caller:
        """Return who sends, known for half a minute; raise SenderNotBelieved, or QuotaExceeded."""
        key = facility, connection
        known = self._known.get(key)
        if known is None or known.until < self._monotonic():
            known = await self._finding.find(key, lambda: self._find(facility, connection))
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = known
        if known.line is None:
            raise SenderNotBelieved
        self._lines.take(known.line)
        return known.line.caller

    async def _find(self, facility: str, connection: Connection) -> _Known:
        until = self._monotonic() + FRESH_SECONDS
        if not facility:
            return _Known(None, until)
        try:
            async with self._database.read() as read:
                found = await institutions.institution_named(read, facility)
        except Conflict:  # kinds of numbers differ on whom it means
            return _Known(None, until)
        if found is None or found.state != "open":
            return _Known(None, until)
        return _Known(await self._lines.line(found.id, connection.address, connection.certified), until)
