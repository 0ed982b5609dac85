"""Where a case is played: the hospital's driver, the sandbox's switches, and the journal of what came meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import msgspec

from healthcloud import sandbox
from healthcloud.conformance.model import Acted, NotRun
from healthcloud.conformance.seen import seen_of
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Database

FOLLOWED_SECONDS = 1.2  # every process follows a switch within a second
ACT_SECONDS = 60.0
_MOST = 200
_OK = 200


@dataclass(slots=True)
class Stage:
    """One run against one hospital through one face; `calls` gathers what was looked at, by id."""

    database: Database
    driver: httpx.AsyncClient
    face: str
    citizens: list[sandbox.Citizen]
    institution: UUID | None = None
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def person(self, why: str, n: int = 0) -> dict[str, Any]:
        """Return the n-th invented citizen of a kind, as a driver is told; raise NotRun where there is none."""
        found = [one for one in self.citizens if one.why == why]
        if len(found) <= n:
            raise NotRun(f"沙箱中没有这类虚构居民：{why}。", f"The sandbox has no invented citizen of the kind {why}.")
        told: dict[str, Any] = msgspec.to_builtins(found[n])
        return told

    def today(self) -> str:
        """Return the city's day, `yyyy-mm-dd`."""
        return self.database.clock.now().astimezone(SHANGHAI).date().isoformat()

    async def act(self, name: str, **wish: Any) -> Acted:
        """Have the hospital act; return what it said and what the city saw of this face. Raises NotRun."""
        before = {one.id for one in await self._newest()}
        told = await self._asked({"act": name, "face": self.face, **wish})
        new = [one for one in await self._newest() if one.id not in before]
        return Acted(told, await self._seen(reversed(new)))

    async def patient(self, person: dict[str, Any]) -> str:
        """Return the hospital's own number of a person, filed and given a card first."""
        number = str(person["id_number"])
        if number not in self.kept:
            acted = await self.act("open-card", person=person)
            self.kept[number] = str((acted.told.get("result") or {}).get("patient", ""))
        return self.kept[number]

    @asynccontextmanager
    async def switched(self, **failures: bool) -> AsyncIterator[None]:
        """Have the city fail on purpose on this face while this is open."""
        place = self.institution or sandbox.EVERYBODY
        on = sandbox.Switches(self.face, place, **failures)
        off = sandbox.Switches(self.face, place)
        await self._switch(on)
        try:
            yield
        finally:
            await self._switch(off)

    async def _switch(self, wish: sandbox.Switches) -> None:
        await self.database.transact(lambda tx: sandbox.actions.switch(tx, wish))
        await asyncio.sleep(FOLLOWED_SECONDS)

    async def _asked(self, wish: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self.driver.post("do", json=wish, timeout=ACT_SECONDS)
            told = answer.json()
        except (httpx.HTTPError, ValueError):
            raise NotRun("被测系统的驱动地址没有应答。", "The driver under test does not answer.") from None
        if answer.status_code != _OK or not isinstance(told, dict) or "unknown" in told:
            zh, en = f"被测系统的驱动不会做“{wish['act']}”。", f"The driver does not know the act {wish['act']}."
            raise NotRun(zh, en)
        if told.get("not_offered"):
            raise NotRun("被测系统在这一接入方式上没有这个动作。", "The system offers no such act on this face.")
        return told

    async def _newest(self) -> list[sandbox.CallLine]:
        async with self.database.read() as read:
            lines = await sandbox.journal(read, face=self.face, limit=_MOST)
        return [one for one in lines if self.institution in (None, one.institution_id)]

    async def _seen(self, lines: Iterable[sandbox.CallLine]) -> list[Any]:
        found = []
        async with self.database.read() as read:
            for line in lines:
                call = await sandbox.call_of(read, line.id)
                self.calls[str(call.id)] = {
                    "at": call.at.isoformat(),
                    "method": call.method,
                    "target": call.target,
                    "status": call.status,
                    "outcome": call.outcome,
                    "sm3": sm3(call.asked + call.told).hex(),
                }
                found += seen_of(call)
        return found
