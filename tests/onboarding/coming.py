"""A hospital that comes in, and what a sandbox signs of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cards.scanning import Hospital, Town

from healthcloud import audit, conformance, institutions, onboarding
from healthcloud.conformance.report import signed_report
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

CITY = Caller(CallerKind.STAFF, new_id(), frozenset({"institutions.manage", "figures.read"}))
OPERATOR = Caller(CallerKind.STAFF, new_id(), frozenset({"figures.read"}))
APPLICATION = onboarding.Application(
    "信息科",
    "0632-0000000",
    (onboarding.System("HIS", "示例软件"),),
    (onboarding.Point.WINDOW, onboarding.Point.PHARMACY),
)
OWN = frozenset(one.id for one in conformance.CASES if "own" in one.faces)


def administrator_of(institution_id: UUID) -> Caller:
    return Caller(
        CallerKind.STAFF, new_id(), frozenset({"institutions.manage", "figures.read"}), institution_id=institution_id
    )


@dataclass
class Coming:
    """A town whose hospitals come in; `trusted` says whether its own sandbox key counts."""

    town: Town
    sealer: audit.Sealer
    trusted: bool = field(default=True)

    @property
    def policy(self) -> onboarding.Policy:
        own = [one.public for one in self.town.database.vault.trust_list(conformance.REPORTS)]
        return onboarding.Policy(tuple(own) if self.trusted else (), timedelta(days=7))

    async def numbers(self, institution_id: UUID) -> list[dict[str, str]]:
        async with self.town.database.read() as read:
            found = await institutions.numbers_of(read, institution_id)
        return [{"kind": str(one.kind), "number": one.number} for one in found]

    async def report(
        self,
        hospital: Hospital,
        passed: frozenset[str] = OWN,
        failed: frozenset[str] = frozenset(),
        ended: datetime | None = None,
        **said: Any,
    ) -> dict[str, Any]:
        """Sign a report as a sandbox does, in which the hospital has an id of its own there."""
        told = {"verdict": "passed", "applies": True}
        cases = [told | {"id": one} for one in sorted(passed)]
        cases += [{"id": one, "verdict": "failed", "applies": True} for one in sorted(failed)]
        report = {
            "face": "own",
            "institution": str(new_id()),
            "institution_numbers": await self.numbers(hospital.id),
            "ended": (ended or self.town.now).isoformat(),
            "is_complete": passed | failed >= OWN,
            "is_passed": passed >= OWN and not failed,
            "cases": cases,
        }
        return signed_report(self.town.database.vault, report | said)

    async def hand_in(
        self, hospital: Hospital, file: dict[str, Any], caller: Caller | None = None
    ) -> onboarding.Report:
        who = caller or administrator_of(hospital.id)
        return await self.town.database.transact(
            lambda tx: onboarding.keep_report(tx, who, hospital.id, file, self.policy)
        )

    async def apply(self, hospital: Hospital, wish: onboarding.Application = APPLICATION) -> bool:
        who = administrator_of(hospital.id)
        return await self.town.database.transact(lambda tx: onboarding.apply(tx, who, hospital.id, wish))

    async def standing(self, hospital: Hospital, caller: Caller = CITY) -> onboarding.Standing:
        async with self.town.database.read() as read:
            return await onboarding.standing_of(read, caller, hospital.id, self.policy)

    async def steps(self, hospital: Hospital) -> dict[str, bool]:
        return {one.step: one.is_met for one in (await self.standing(hospital)).state.steps}

    async def point(self, hospital: Hospital, point: onboarding.Point) -> tuple[int, int, bool, bool]:
        """Return terminals, uses of the last days, whether planned and whether used."""
        [one] = [one for one in (await self.standing(hospital)).points if one.point is point]
        return one.terminals, one.uses, one.is_planned, one.last_used_at is not None

    async def count(self) -> int:
        """Seal what was done and count uses until nothing is left; return how many blocks."""
        await self.sealer.seal()
        blocks = 0
        while done := await self.town.database.transact(onboarding.count_uses):
            blocks += done
        return blocks
