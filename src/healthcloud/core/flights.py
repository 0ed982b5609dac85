"""Flights: many who look for the same thing at once share one look."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class Flights(Generic[Key, Found]):
    """
    Looks under way, by what is looked for.

    Whoever joins one gets what it finds, also its error, though it began before they asked: for what is compared again
    where it counts. Who is cancelled leaves; the look goes on for the others.
    """

    def __init__(self) -> None:
        self._looks: dict[Key, asyncio.Task[Found]] = {}

    async def find(self, key: Key, look: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """Join the look for this key, or begin one."""
        task = self._looks.get(key)
        if task is None:
            task = self._looks[key] = asyncio.create_task(look())
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: Key, done: asyncio.Task[Found]) -> None:
        del self._looks[key]
        if not done.cancelled():
            done.exception()  # looked at, should nobody be left to whom it could be told
