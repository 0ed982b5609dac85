"""The sandbox as one process sees it: its state is read anew twice a second, so that every worker follows."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from healthcloud import access
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import Shift
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.sandbox.keeping import Keeper
from healthcloud.sandbox.model import Switches, switches_for
from healthcloud.sandbox.reads import State, state_of

EVERY_SECONDS = 0.4
_PAGE = 200
_AT_FIRST = UUID(int=0)


class Current:
    """The state of now, and whose key is whose."""

    def __init__(self, database: Database, shift: Shift) -> None:
        self.database = database
        self.keeper = Keeper(database)
        self._shift = shift
        self._state = State(0, [])
        self._owners: dict[UUID, UUID] = {}
        self._later: set[asyncio.Task[None]] = set()

    async def renew(self) -> None:
        """Read the state, and set this process's clock by it."""
        async with self.database.glance() as read:
            self._state = await state_of(read)
        self._shift.by = timedelta(seconds=self._state.clock_offset_seconds)

    async def follow(self) -> None:
        """Renew for good; a database that is away is asked again."""
        while True:
            with suppress(Problem, OSError):
                await self.renew()
            await asyncio.sleep(EVERY_SECONDS)

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside whoever asks for it."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        """Wait for what is done beside."""
        await asyncio.gather(*self._later, return_exceptions=True)

    def switches(self, face: str, institution_id: UUID | None) -> Switches:
        """Return what is switched on for a call."""
        return switches_for(self._state.switches, face, institution_id)

    async def owner_of(self, key_id: UUID) -> UUID | None:
        """Return the institution a client's key belongs to."""
        if key_id not in self._owners:
            await self._learn_owners()
        return self._owners.get(key_id)

    async def _learn_owners(self) -> None:
        after = _AT_FIRST
        async with self.database.read() as read:
            while page := await access.clients.clients_of(read, SYSTEM, after=after, limit=_PAGE):
                for client in page:
                    for key in await access.clients.keys_of(read, SYSTEM, client.id):
                        self._owners[key.id] = client.institution_id
                after = page[-1].id
