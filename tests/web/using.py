"""Cards used at the demonstration's hospitals, and counted."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from fixtures.counted import count_all

from healthcloud import audit, cards, institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import REAL_CLOCK, Clock

_RESIDENTS = count(100)
_SCENES = ("010101", "010102", "010103", "010104", "010105", "010106")


class Past:
    """Uses at the demonstration's hospitals, counted."""

    def __init__(self, clinic: Any, folder: Path) -> None:
        self._clinic = clinic
        self._database = clinic.city.database
        self._sealer = audit.Sealer(self._database, audit.HeadFile(folder / "heads"))

    async def use(self, hospital: int) -> None:
        """Have a card of somebody new used at a hospital's first desk."""
        holder = await self._clinic.card_of(next(_RESIDENTS))
        place = self._clinic.loaded.hospitals[hospital].id
        async with self._database.read() as read:
            [desk, *_] = await institutions.terminals.terminals_of(read, place, limit=1)
        scan = cards.Scan(holder.person_id, place, desk.id, "010101", SYSTEM.account_id)
        assert await self._database.transact(lambda tx: cards.load_uses(tx, SYSTEM, [scan])) == 1
        await self.count()

    async def count(self) -> None:
        await self._sealer.seal()
        await count_all(self._database)

    async def live(self, persons: int = 12) -> None:
        """Let a morning pass at both hospitals, with a refusal and a frozen card."""
        holders = [await self._clinic.card_of(next(_RESIDENTS)) for _ in range(persons)]
        chance = Random(persons)  # noqa: S311 - the same every time is the point
        desks = {}
        async with self._database.read() as read:
            for one in self._clinic.loaded.hospitals.values():
                desks[one.id] = (await institutions.terminals.terminals_of(read, one.id, limit=1))[0].id
        for back in range(60, 0, -1):
            self._database.clock = Clock(timedelta(minutes=-7 * back))
            place = chance.choice(list(desks))
            scans = [
                cards.Scan(holder.person_id, place, desks[place], chance.choice(_SCENES), SYSTEM.account_id)
                for holder in chance.sample(holders, 3)
            ]
            await self._database.transact(lambda tx, scans=scans: cards.load_uses(tx, SYSTEM, scans))
        self._database.clock = REAL_CLOCK
        for holder in holders[:3]:
            await self._database.transact(lambda tx, holder=holder: cards.freeze(tx, SYSTEM, holder.person_id))
        await self.count()
