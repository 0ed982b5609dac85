"""The one look a second that all live pages of a worker share, and how many of them there may be."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from healthcloud import figures
from healthcloud.core.db import Database
from healthcloud.core.errors import Unavailable

MOST_STREAMS = 100
LOOK_SECONDS = 1.0
_KEPT = "figures_pulse"

Shown = tuple[UUID, str]  # whose figures, in which language


class TooManyStreams(Unavailable):
    """Too many live pages are open just now; the page asks now and then instead."""

    code = "too-many-streams"
    zh = "实时页面过多，本页改为定时刷新。"


class Pulse:
    """
    Which state of the figures this worker has seen last, and the pages made of it, each made once.

    A state's name changes with what is counted, and with the minute it is fresh to.
    """

    def __init__(self, database: Database, *, most: int = MOST_STREAMS) -> None:
        self._database = database
        self._most = most
        self._looking = asyncio.Lock()
        self._ended = asyncio.Event()
        self._seen_at = float("-inf")
        self._state = ""
        self._pages: dict[Shown, str] = {}
        self.streams = 0

    @property
    def has_ended(self) -> bool:
        """Whether the worker ends."""
        return self._ended.is_set()

    def end(self) -> None:
        """End every stream: the worker does."""
        self._ended.set()

    def enter(self) -> None:
        """Count a stream in; raise TooManyStreams."""
        if self.streams >= self._most or self.has_ended:
            raise TooManyStreams(retry_after=5)
        self.streams += 1

    def leave(self) -> None:
        """Count a stream out."""
        self.streams -= 1

    async def state(self) -> str:
        """Return the name of the state of the figures; asked of the database at most once a second."""
        async with self._looking:
            if time.monotonic() - self._seen_at >= LOOK_SECONDS:
                async with self._database.read() as read:
                    stand = await figures.standing(read)
                state = state_of(stand)
                if state != self._state:
                    self._state, self._pages = state, {}
                self._seen_at = time.monotonic()
            return self._state

    async def page(self, shown: Shown, make: Callable[[], Awaitable[tuple[str, str]]]) -> tuple[str, str]:
        """Return the state and what is shown of it; made once for everybody who sees the same."""
        state = await self.state()
        async with self._looking:
            if state == self._state and shown in self._pages:
                return state, self._pages[shown]
            made_of, text = await make()
            if made_of == self._state:
                self._pages[shown] = text
            return made_of, text

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until the worker ends."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return


def state_of(stand: figures.Standing) -> str:
    """Name a state: its edition, the last block counted, the minute it is fresh to."""
    return f"{stand.edition}-{stand.block}-{int(stand.as_of.timestamp()) // 60}"


def pulse_of(state: Any, database: Database) -> Pulse:
    """Return the application's pulse."""
    found = getattr(state, _KEPT, None)
    if not isinstance(found, Pulse):
        found = Pulse(database)
        setattr(state, _KEPT, found)
    return found


def end_streams(state: Any) -> None:
    """End every stream of an application: its worker ends."""
    found = getattr(state, _KEPT, None)
    if isinstance(found, Pulse):
        found.end()
