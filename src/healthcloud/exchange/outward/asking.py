"""What goes out from this process: questions answered now, and, in the one that holds the lease, the queues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self
from uuid import UUID

import msgspec

from healthcloud.core.background import Sole
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.settings import Settings
from healthcloud.exchange.outward.dispatcher import Dispatcher, Envelope
from healthcloud.exchange.outward.endpoints import store as addresses
from healthcloud.exchange.outward.endpoints.model import Terms
from healthcloud.exchange.outward.errors import EndpointUnknown, HospitalAway, HospitalBusy
from healthcloud.exchange.outward.lines import Around, Lines
from healthcloud.exchange.outward.wire import Outcome

DISPATCHED_EVERY = timedelta(milliseconds=200)
AGAIN_AFTER = 2  # seconds
MOST_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What an institution's system answered, signed: yes with what it says, or no."""

    taken: bool
    content: bytes = field(repr=False)


class Outward:
    """One process's way out to institutions' systems."""

    def __init__(self, database: Database, terms: Terms, around: Around | None = None) -> None:
        self._database = database
        self._asking = Lines(database.vault, database.clock, terms, around=around)
        self._sending = Lines(database.vault, database.clock, terms, around=around)
        self._dispatcher = Dispatcher(self._sending)

    @classmethod
    def of(cls, database: Database, settings: Settings, around: Around | None = None) -> Self:
        """Return it for an installation; `around` is put around its connections."""
        return cls(database, Terms.of(settings), around)

    async def close(self) -> None:
        """Stop sending and close every connection; what was on its way is due again."""
        await self._dispatcher.close()
        await self._sending.close()
        await self._asking.close()

    async def ask(
        self, institution_id: UUID, kind: str, body: Mapping[str, object], within: timedelta | None = None
    ) -> Reply:
        """
        Ask an institution's system now, no longer than `within` or its address allow; never in a transaction.

        Asked once: a question must stand being asked again by the caller. Raises EndpointUnknown where it has no open
        address for the kind, HospitalBusy and HospitalAway at once or when no answer came.
        """
        async with self._database.read() as read:
            endpoint = await addresses.endpoint(read, institution_id)
        if endpoint is None or not endpoint.is_open or kind not in endpoint.kinds:
            raise EndpointUnknown
        if institution_id in self._asking.resting():
            raise HospitalAway(retry_after=AGAIN_AFTER)
        if not self._asking.enter(endpoint):
            raise HospitalBusy(retry_after=AGAIN_AFTER)
        try:
            seconds = min(within.total_seconds() if within else MOST_SECONDS, endpoint.timeout_ms / 1000)
            message_id, now = new_id(), self._database.clock.now()
            content = msgspec.json.encode(Envelope(message_id, kind, now, msgspec.Raw(msgspec.json.encode(body))))
            turned = await self._asking.send(endpoint, kind, str(message_id), content, seconds=seconds)
        finally:
            self._asking.leave(endpoint)
        if turned.attempt.outcome is Outcome.FAILED:
            raise HospitalAway(turned.attempt.told, retry_after=AGAIN_AFTER)
        return Reply(turned.attempt.outcome is Outcome.TAKEN, turned.attempt.content)

    @property
    def is_idle(self) -> bool:
        """Whether this process has no queued message in hand."""
        return self._dispatcher.is_idle

    def dispatching(self) -> Sole:
        """Return what one machine does: send what waits."""
        return Sole("exchange.dispatcher", DISPATCHED_EVERY, self._dispatcher.step)
