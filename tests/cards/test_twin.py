"""The real statement beside a slow, obvious twin: whatever is scanned in whatever order, both say the same."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cards.scanning import Town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthcloud.cards.verification.errors import CodeExpired
from healthcloud.cards.verification.model import Ask, Spot, rounds
from healthcloud.cards.verification.refusals import RefusalKeeper
from healthcloud.cards.verification.settling import Taken, settle_rounds
from healthcloud.core.ids import new_id

STEP = 29_833_333
CARDS, SLOTS = 3, 3
SCENES = ("010101", "010103")


@dataclass
class Window:
    """A terminal, whose it is, and the key its hospital signs with."""

    id: UUID
    institution_id: UUID
    key_id: UUID
    account_id: UUID


@dataclass
class Twin:
    """Everything as dictionaries; one scan after the other."""

    status: dict[bytes, int]
    epochs: dict[tuple[bytes, int], int]
    gone: set[tuple[bytes, int]] = field(default_factory=set)
    bound: dict[tuple[bytes, int, int], UUID] = field(default_factory=dict)
    uses: set[tuple[bytes, int, int, UUID, str]] = field(default_factory=set)

    def scan(self, ask: Ask) -> str:  # noqa: PLR0911 - one answer per rule
        if ask.card_id not in self.status:
            return "card-unknown"
        if self.status[ask.card_id] == 2:
            return "card-frozen"
        place = (ask.card_id, ask.slot)
        if place in self.gone or self.epochs.get(place) != ask.epoch:
            return "phone-removed" if ask.slot else "code-expired"
        if ask.held:
            return "code-expired"
        code = (ask.card_id, ask.step, ask.slot)
        if self.bound.setdefault(code, ask.spot.institution_id) != ask.spot.institution_id:
            return "code-replayed"
        use = (*code, ask.spot.terminal_id, ask.spot.scene)
        if use in self.uses:
            return "repeat"
        self.uses.add(use)
        return "taken"


class World:
    """Some cards of one example, in the database and in the twin."""

    def __init__(self, town: Town, windows: list[Window], person_id: UUID) -> None:
        self.town = town
        self.windows = windows
        self.person_id = person_id
        self.cards = [secrets.token_bytes(32) for _ in range(CARDS)]
        self.spots = {
            (place, number): Spot(at.id, scene, at.institution_id, at.account_id, at.key_id, full=False)
            for place, at in enumerate(windows)
            for number, scene in enumerate(SCENES)
        }
        self.unknown = secrets.token_bytes(32)
        places = {(card, slot): 0 for card in self.cards for slot in range(SLOTS)}
        self.twin = Twin(dict.fromkeys(self.cards, 1), places)

    async def begin(self) -> None:
        now = self.town.now

        async def write(tx: Any) -> None:
            for card in self.cards:
                await tx.run(
                    """
                    INSERT INTO cards.cards
                           (id, person_id, status, kind, epoch, mode, version, created_at, changed_at)
                    VALUES ($1, $2, 1, 'standard', 0, 1, 1, $3, $3)
                    """,
                    card,
                    self.person_id,
                    now,
                )
                for slot in range(1, SLOTS):
                    await tx.run(
                        "INSERT INTO cards.slots (card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at)"
                        " VALUES ($1, $2, $3, 0, 'x', $4, $4, $5)",
                        card,
                        slot,
                        new_id(),
                        self.person_id,
                        now,
                    )

        await self.town.database.transact(write)

    async def run(self, sql: str, *args: Any) -> None:
        await self.town.database.transact(lambda tx: tx.run(sql, *args))

    async def freeze(self, card: int, *, frozen: bool) -> None:
        self.twin.status[self.cards[card]] = 2 if frozen else 1
        await self.run("UPDATE cards.cards SET status = $2 WHERE id = $1", self.cards[card], 2 if frozen else 1)

    async def raise_platform_epoch(self, card: int) -> None:
        self.twin.epochs[self.cards[card], 0] += 1
        await self.run("UPDATE cards.cards SET epoch = epoch + 1 WHERE id = $1", self.cards[card])

    async def remove_phone(self, card: int, slot: int) -> None:
        self.twin.gone.add((self.cards[card], slot))
        await self.run(
            "UPDATE cards.slots SET removed_at = $3, epoch = epoch + 1 WHERE card_id = $1 AND slot = $2"
            " AND removed_at IS NULL",
            self.cards[card],
            slot,
            self.town.now,
        )

    async def scan(self, wanted: list[tuple[int, int, tuple[int, int], tuple[int, int], bool]]) -> None:
        """Settle a batch in one transaction, as the verifier does, and compare each outcome."""
        asks = [self._ask(*one[:4], held=one[4]) for one in wanted]
        parts = rounds(asks)
        keeper = RefusalKeeper()
        settled = await self.town.database.transact(lambda tx: settle_rounds(tx, asks, parts, keeper))
        expected: dict[int, str] = {}
        for part in parts:
            expected |= {n: self.twin.scan(asks[n]) for n in part}
        assert [spoken(outcome) for outcome in settled.outcomes] == [expected[n] for n in range(len(asks))]

    def _ask(self, card: int, step: int, code: tuple[int, int], place: tuple[int, int], *, held: bool) -> Ask:
        (slot, epoch), (window, scene) = code, place
        spot = self.spots[window, scene]
        known = self.cards[card] if card < CARDS else self.unknown
        return Ask(known, STEP + step, slot, epoch, spot, CodeExpired() if held else None)


def spoken(outcome: Any) -> str:
    if isinstance(outcome, Taken):
        return "repeat" if outcome.repeat else "taken"
    return str(outcome.code)


cards_at = st.integers(0, CARDS - 1)
scans = st.lists(
    st.tuples(
        st.integers(0, CARDS),
        st.integers(0, 1),
        st.tuples(st.integers(0, SLOTS - 1), st.sampled_from([0, 0, 0, 1])),
        st.tuples(st.integers(0, 2), st.integers(0, 1)),
        st.sampled_from([False] * 5 + [True]),
    ),
    min_size=1,
    max_size=12,
)
steps = st.lists(
    st.one_of(
        scans.map(lambda wanted: lambda world: world.scan(wanted)),
        st.tuples(cards_at, st.booleans()).map(lambda one: lambda world: world.freeze(one[0], frozen=one[1])),
        cards_at.map(lambda card: lambda world: world.raise_platform_epoch(card)),
        st.tuples(cards_at, st.integers(1, SLOTS - 1)).map(lambda one: lambda world: world.remove_phone(*one)),
    ),
    min_size=1,
    max_size=10,
)


@pytest.fixture(scope="module")
async def windows(served_town: Town) -> list[Window]:
    """Two windows of one hospital, one of another."""
    town = served_town
    partition = "SELECT core.ensure_month_partition($1, to_timestamp($2)::date)"
    for parent in ("cards.bindings", "cards.uses"):
        await town.database.transact(lambda tx, one=parent: tx.run(partition, one, STEP * 60))  # type: ignore[misc]  # bound
    here, there = town.here, town.there
    return [
        Window(here.window, here.id, here.key_id, here.client_id),
        Window(here.pharmacy, here.id, here.key_id, here.client_id),
        Window(there.window, there.id, there.key_id, there.client_id),
    ]


@pytest.fixture(scope="module")
async def somebody(served_town: Town) -> UUID:
    return await served_town.person()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_any_sequence_of_scans_and_changes_ends_as_the_twin_says(
    served_town: Town,
    windows: list[Window],
    somebody: UUID,
    owner_url: str,
    steps: list[Callable[[World], Awaitable[None]]],
) -> None:
    world = World(served_town, windows, somebody)
    await world.begin()
    for step in steps:
        await step(world)
    connection = await asyncpg.connect(owner_url)
    try:
        kept = await connection.fetch(
            "SELECT card_id, step_at, slot, terminal_id, scene FROM cards.uses WHERE card_id = ANY($1)", world.cards
        )
    finally:
        await connection.close()
    found = {(row[0], int(row[1].timestamp()) // 60, row[2], row[3], row[4]) for row in kept}
    assert found == world.twin.uses
    assert len(kept) == len(world.twin.uses)
