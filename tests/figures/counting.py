"""A town whose deeds are sealed and counted, and histories to count."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

from cards.scanning import CASHIER, PHARMACY, REGISTRATION, Holder, Town, manager
from fixtures.counted import count_all
from people.makers import SEEN, checked

from healthcloud import audit, cards, figures, people
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id

FAR = datetime(2100, 1, 1, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, UUID(int=77), frozenset({"figures.read", "people.open"}))
SCENES = (REGISTRATION, PHARMACY, CASHIER)


@dataclass(frozen=True)
class Counted:
    """A town and what is counted of it."""

    town: Town
    sealer: audit.Sealer

    async def count(self) -> None:
        """Seal what was done and count it."""
        await self.sealer.seal()
        await count_all(self.town.database)

    async def check(self) -> figures.Verdict:
        async with self.town.database.read() as read:
            return await figures.check(read, SYSTEM, until=FAR)

    async def must_agree(self) -> figures.Verdict:
        verdict = await self.check()
        assert verdict.differences == []
        assert verdict.stocks
        return verdict

    async def overview(self, caller: Caller = OPERATOR) -> dict[str, figures.Reading]:
        async with self.town.database.read() as read:
            found = await figures.overview(read, caller)
        return {one.definition.code: one for one in found.readings}


def manager_of(institution_id: UUID) -> Caller:
    return Caller(CallerKind.STAFF, new_id(), frozenset({"figures.read"}), institution_id=institution_id)


class History:
    """Things that happen to a town's people, drawn by chance; refusals are part of it."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._chance = Random(seed)  # noqa: S311 - the same every time is the point
        self._holders: list[Holder] = []

    async def live(self, deeds: int) -> None:
        for _ in range(deeds):
            act = self._chance.choices(
                (self._arrive, self._scan, self._change, self._person, self._load), (3, 8, 4, 2, 1)
            )[0]
            await act()

    async def _arrive(self) -> None:
        level = self._chance.choice((people.Verification(people.Level.REGISTRY, "registry"), SEEN))
        self._holders.append(await self._town.holder(await self._town.person(verification=level)))

    async def _scan(self) -> None:
        if not self._holders:
            return
        self._town.advance(seconds=self._chance.randrange(60, 40_000))
        hospital = self._chance.choice((self._town.here, self._town.there))
        some = self._chance.sample(self._holders, min(len(self._holders), 3))
        for holder in some:
            card = await self._card(holder)
            if card is not None:
                scene = self._chance.choice(SCENES)
                answer = await self._town.scan(self._town.code(card), hospital, scene=scene)
                assert answer.status_code in (200, 404, 409), answer.text

    async def _card(self, holder: Holder) -> cards.Card | None:
        async with self._town.database.read() as read:
            return await cards.card_of(read, holder.person_id)

    async def _change(self) -> None:
        if not self._holders:
            return
        person_id = self._chance.choice(self._holders).person_id
        act = self._chance.choice((cards.freeze, cards.unfreeze, cards.cancel, cards.take_back, cards.convert, None))
        institution = self._chance.choice((None, self._town.here.id))
        staff = manager(institution_id=institution)

        async def change(tx: Transaction) -> None:
            if act is None:
                await cards.apply(tx, staff, cards.Application(person_id))
            else:
                await act(tx, staff, person_id)

        await self._try(change)

    async def _person(self) -> None:
        if len(self._holders) < 2:
            return
        one, other = self._chance.sample([holder.person_id for holder in self._holders], 2)
        what = self._chance.randrange(4)
        clerk = manager()

        async def change(tx: Transaction) -> None:
            if what == 0:
                await people.merge_persons(tx, clerk, one, other, "同一人")
            elif what == 1:
                await people.record_death(tx, clerk, one, date(2020, 1, 1), "死亡证明")
            elif what == 2:
                await people.withdraw_person(tx, clerk, one, "误登记")
            else:
                await people.unmerge_persons(tx, clerk, one)

        await self._try(change)
        await self._town.settle_events()

    async def _load(self) -> None:
        level = self._chance.choice(tuple(people.Level))
        rows = people.loading.prepare_residents(
            self._town.database.vault, [checked(), checked()], self._town.now, level
        )

        async def load(tx: Transaction) -> None:
            await people.loading.load_residents(tx, SYSTEM, rows)
            await cards.load_cards(tx, SYSTEM, rows.person_ids)

        await self._town.database.transact(load)

    async def _try(self, change: object) -> None:
        try:
            await self._town.database.transact(change)  # type: ignore[arg-type]  # a closure of this class
        except Problem:
            return
