"""Looking: which records may be of one person with these, what is decided of them, and all that hangs together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud import people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unavailable
from healthcloud.index.grouping import Human, PairDecision, holds_together
from healthcloud.index.matching import Decision, Features, Model, Outcome, decide
from healthcloud.index.model import CITY
from healthcloud.index.records import store
from healthcloud.index.records.city import with_city_records
from healthcloud.index.records.contents import blocks, features
from healthcloud.index.records.model import MOST_IN_BLOCK, RecordState
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.neighbours.store import NewPair, PairRow
from healthcloud.index.records.store import RecordRow

MOST_TOGETHER = 2_000
ATTEMPTS = 3
UNPLACED = (RecordState.WAITING, RecordState.REVIEW)

Pair = tuple[UUID, UUID]


@dataclass(slots=True)
class Scene:
    """
    Records held until the transaction ends, with what is decided among them.

    `own` are to be placed: those asked for, and those in review that hang together with them. `core` is what hangs
    together with them by links; the rest are records somebody may have to be asked about.
    """

    model: Model
    rows: dict[UUID, RecordRow] = field(default_factory=dict)
    made: dict[UUID, Features] = field(default_factory=dict)
    own: list[UUID] = field(default_factory=list)
    core: set[UUID] = field(default_factory=set)
    pairs: dict[Pair, PairRow] = field(default_factory=dict)
    near: dict[UUID, list[PairRow]] = field(default_factory=dict)  # the same pairs by each of their records
    owners: dict[UUID, UUID] = field(default_factory=dict)  # whose the record's local number is already

    def decisions(self) -> list[PairDecision]:
        """Return what is decided of pairs, as grouping takes it."""
        return [decision_of(row) for row in self.pairs.values()]


def decision_of(row: PairRow) -> PairDecision:
    """Return a pair as grouping takes it."""
    human = Human(row.human) if row.human else None
    return PairDecision(row.record_id, row.other_id, Outcome(row.outcome), row.rule, human)


async def look(tx: Transaction, record_ids: Sequence[UUID], model: Model) -> Scene:
    """Compare records that wait with those found by their blocks, and hold everything that hangs together."""
    for _ in range(ATTEMPTS):
        scene = await _look(tx, record_ids, model)
        if scene is not None:
            return scene
    raise Unavailable(retry_after=1)


async def _look(tx: Transaction, record_ids: Sequence[UUID], model: Model) -> Scene | None:
    scene = Scene(model)
    own = {row.id: row for row in await store.records(tx, sorted(record_ids)) if row.state in UNPLACED}
    if not own:
        return scene
    scene.made = {row.id: features(tx.vault, row) for row in own.values()}
    scene.owners = await _owners(tx, own.values())
    found = await _candidates(tx, scene, own)
    others = await _opened(tx, scene, {one for some in found.values() for one in some} - set(own))
    decided = _decided(scene, found)
    beside = {one for pair in decided for one in pair if one not in own and others[one].state == RecordState.WAITING}
    if beside and len(own) < MOST_TOGETHER:
        # Theirs are not compared yet: seen without that, what links them would look like a bridge.
        return await _look(tx, [*own, *beside], model)
    held = await store.lock(tx, sorted({*own, *(one for pair in decided for one in pair)}))
    scene.rows = {row.id: row for row in held}
    seen = own | others
    if any(row.version != seen[row.id].version for row in held):
        return None
    scene.own = [one for one in own if scene.rows[one].state in UNPLACED]
    scene.core = set(scene.own)
    new = {pair: decision for pair, decision in decided.items() if not scene.core.isdisjoint(pair)}
    if new:
        await neighbours.put_pairs(tx, _rows(new), model.version, tx.clock.now())
    await _gather(tx, scene)
    return scene


async def _owners(tx: Transaction, rows: Iterable[RecordRow]) -> dict[UUID, UUID]:
    """Return whose the local numbers of these records are, by record."""
    by_source: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for row in rows:
        if row.source_id != CITY:
            by_source[row.source_id][row.number] = row.id
    owners = {}
    for source_id, numbers in by_source.items():
        for number, owner in (await people.patient_numbers.owners_of_numbers(tx, source_id, numbers)).items():
            owners[numbers[number]] = owner
    return owners


async def _candidates(tx: Transaction, scene: Scene, own: Mapping[UUID, RecordRow]) -> dict[UUID, set[UUID]]:
    """Return for each record those that share a block, and the city's record of whose it is or was."""
    by_key: dict[int, list[UUID]] = defaultdict(list)
    for record_id in own:
        for block in blocks(tx.vault, record_id, scene.made[record_id], scene.model):
            by_key[block.key].append(record_id)
    found: dict[UUID, set[UUID]] = {record_id: set() for record_id in own}
    for one in await neighbours.neighbours(tx, sorted(by_key), MOST_IN_BLOCK):
        for record_id in by_key[one.key]:
            found[record_id].add(one.record_id)
    claimed = dict(scene.owners)
    claimed |= {row.id: row.person_id for row in own.values() if row.person_id is not None}
    there = await with_city_records(tx, set(claimed.values()), scene.model)
    for record_id, person_id in claimed.items():
        if person_id in there:
            found[record_id].add(there[person_id])
    return {record_id: some - {record_id} for record_id, some in found.items()}


async def _opened(tx: Transaction, scene: Scene, record_ids: Collection[UUID]) -> dict[UUID, RecordRow]:
    rows = await store.records(tx, sorted(record_ids)) if record_ids else []
    kept = {row.id: row for row in rows if row.state != RecordState.ENDED}
    scene.made |= {row.id: features(tx.vault, row) for row in kept.values()}
    return kept


def _decided(scene: Scene, found: Mapping[UUID, set[UUID]]) -> dict[Pair, Decision]:
    """Return what is decided of each pair once, but for those that are nothing to each other."""
    pairs = {(min(one, other), max(one, other)) for one, some in found.items() for other in some if other in scene.made}
    decided = {pair: decide(scene.made[pair[0]], scene.made[pair[1]], scene.model) for pair in pairs}
    return {pair: decision for pair, decision in decided.items() if decision.outcome is not Outcome.NONE}


def _rows(decided: Mapping[Pair, Decision]) -> list[NewPair]:
    return [
        NewPair(one, other, decision.outcome, decision.rule, decision.weight)
        for pair, decision in decided.items()
        for one, other in (pair, pair[::-1])
    ]


async def _gather(tx: Transaction, scene: Scene) -> None:
    """Follow links from the records to be placed, then from those somebody may be asked about, and hold them all."""
    reached = await _follow(tx, scene, scene.core)
    scene.core |= reached
    again = sorted(one for one in reached if scene.rows[one].state == RecordState.REVIEW)
    scene.own += again
    scene.made |= {one: features(tx.vault, scene.rows[one]) for one in again}
    asked = {one for pair in scene.pairs for one in pair} - scene.core
    await _hold(tx, scene, asked)
    await _follow(tx, scene, asked)
    scene.pairs = {pair: row for pair, row in scene.pairs.items() if pair[0] in scene.rows and pair[1] in scene.rows}
    for pair, row in scene.pairs.items():
        for one in pair:
            scene.near.setdefault(one, []).append(row)


async def _follow(tx: Transaction, scene: Scene, start: Collection[UUID]) -> set[UUID]:
    """Read every pair of these records and of what links lead to; return what they led to."""
    reached: set[UUID] = set()
    known = frontier = set(start)
    while frontier and len(scene.rows) < MOST_TOGETHER:
        read = await neighbours.pairs_of(tx, sorted(frontier))
        for row in read:
            scene.pairs[min(row.record_id, row.other_id), max(row.record_id, row.other_id)] = row
        frontier = {row.other_id for row in read if holds_together(decision_of(row))} - known
        known = known | frontier
        await _hold(tx, scene, frontier)
        frontier = {one for one in frontier if one in scene.rows}
        reached |= frontier
    return reached


async def _hold(tx: Transaction, scene: Scene, record_ids: Collection[UUID]) -> None:
    missing = sorted(one for one in record_ids if one not in scene.rows)
    if missing:
        scene.rows |= {row.id: row for row in await store.lock(tx, missing) if row.state != RecordState.ENDED}
