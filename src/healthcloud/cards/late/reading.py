"""From an item to a claim: what can be told without the database, as of the instant the reader scanned."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from healthcloud.cards.late.model import Claim, LateItem, check_time
from healthcloud.cards.uses.model import PRINTED_SLOT
from healthcloud.cards.verification.errors import SecondFactRequired
from healthcloud.cards.verification.intake import Intake
from healthcloud.cards.verification.spots import Spots
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.settings import Settings
from healthcloud_reader import DeviceCode, parse

# An SM2 signature takes a third of a millisecond: whoever scans meanwhile must not wait for hundreds of them.
AT_A_TIME = 10


async def read_items(
    database: Database, settings: Settings, caller: Caller, items: Sequence[LateItem]
) -> list[Claim | Problem]:
    """Return for each item its claim, or why it is none."""
    reader = _Reader(database, settings, caller)
    read: list[Claim | Problem] = []
    for n, item in enumerate(items, start=1):
        try:
            read.append(await reader.read(item))
        except Problem as problem:
            read.append(problem)
        if n % AT_A_TIME == 0:
            await asyncio.sleep(0)
    return read


class _Reader:
    def __init__(self, database: Database, settings: Settings, caller: Caller) -> None:
        self._spots = Spots(database)
        self._intake = Intake(database.vault, settings.code_window_steps)
        self._clock = database.clock
        self._most = timedelta(days=settings.late_use_days)
        self._caller = caller

    async def read(self, item: LateItem) -> Claim:
        """Raise what an online scan would have been refused with, before any database, at the instant of the scan."""
        check_time(item, self._clock.now(), self._most)
        spot = await self._spots.spot(self._caller, item.terminal, item.scene)
        ask = self._intake.read(item.code, spot, item.scanned_at.timestamp())
        if ask.slot == PRINTED_SLOT:
            raise SecondFactRequired("printed codes are verified one by one")
        if ask.held is not None:
            raise ask.held
        return Claim(item, ask, _issued(item.code))


def _issued(code: str) -> int | None:
    """Return the minute the certificate of a code was issued; None for one of another kind."""
    reading = parse(code)
    return reading.signed.certificate.issued if isinstance(reading, DeviceCode) else None
