"""Placing what was received, behind the ACKs: one batch at a time; what is too much is left to the index's sweep."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog

from healthcloud import index, people
from healthcloud.core.db import Database

AT_ONCE, MOST = 250, 5_000
_log = structlog.get_logger("healthcloud.hl7")


class Placing:
    """The records of one process that are to be placed."""

    def __init__(self, database: Database, policy: people.Policy) -> None:
        self._database = database
        self._policy = policy
        self._waiting: list[UUID] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, record_ids: Sequence[UUID]) -> None:
        """Have records placed soon."""
        room = MOST - len(self._waiting)
        self._waiting += record_ids[: max(0, room)]
        if self._waiting and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def settled(self) -> None:
        """Wait until nothing is left to be placed."""
        while self._task is not None:
            await asyncio.wait((self._task,))

    async def close(self) -> None:
        """Finish the batch in hand and leave the rest to the sweep."""
        self._waiting.clear()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        try:
            while self._waiting:
                portion, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await index.place(self._database, portion, self._policy)
        except Exception as error:  # noqa: BLE001 - the sweep comes back to them within minutes
            _log.warning("records left to the sweep", error=type(error).__name__)
        finally:
            self._task = None
