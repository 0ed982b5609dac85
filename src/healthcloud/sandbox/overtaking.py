"""What comes second goes first: a call waits until the next one of its way and institution has come."""

import asyncio
from typing import TypeAlias
from uuid import UUID

from healthcloud.sandbox.model import Switches

LONGEST_HELD_SECONDS = 2.0
Place: TypeAlias = tuple[str, UUID]  # a way in or out, and an institution


class Overtaking:
    """The calls of one process that wait to be overtaken."""

    def __init__(self) -> None:
        self._held: dict[Place, asyncio.Event] = {}

    async def wait(self, on: Switches) -> None:
        """Wait until the next call of this way and institution comes, which waits for nobody; two seconds at most."""
        place = on.face, on.institution_id
        if place in self._held:
            self._held.pop(place).set()
            return
        come = self._held[place] = asyncio.Event()
        try:
            async with asyncio.timeout(LONGEST_HELD_SECONDS):
                await come.wait()
            # Whoever overtook is answered first.
            await asyncio.sleep(0.1)
        except TimeoutError:
            if self._held.get(place) is come:
                del self._held[place]
