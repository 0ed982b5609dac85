"""With whom each record is placed, what is to be asked, and who is to be made a person: pure, of what `look` found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud.index.grouping import Grouping, Human, groups
from healthcloud.index.matching import SAME_NUMBER, Outcome, certain
from healthcloud.index.model import CITY
from healthcloud.index.placing.looking import Scene
from healthcloud.index.questions.model import Kind, NewQuestion
from healthcloud.index.records.model import RecordState
from healthcloud.index.records.neighbours.store import PairRow
from healthcloud.index.records.store import RecordRow

Because = tuple[str | None, float | None]
NO_REASON: Because = (None, None)
HUMAN = "human"  # a person said so
CHANGED = "changed"  # instead of a rule: the record stays with its person until somebody has answered


@dataclass(slots=True)
class Plan:
    """
    What is to be done with the records of a scene.

    `joins` go to persons there already, `stays` keep the person they have, those `changed` though nothing else of that
    person fits them now; `makes` are records of one person not known yet, the one that says most first; `reviews` wait
    for an answer.
    """

    joins: dict[UUID, UUID] = field(default_factory=dict)
    stays: dict[UUID, UUID] = field(default_factory=dict)
    makes: list[list[UUID]] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)
    reviews: set[UUID] = field(default_factory=set)
    questions: list[NewQuestion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whom records and local numbers resolve to; who stands for nobody is left out."""

    persons: Mapping[UUID, UUID]

    def of(self, row: RecordRow) -> UUID | None:
        return None if row.person_id is None else self.persons.get(row.person_id)


def plan(scene: Scene, canonical: Mapping[UUID, UUID]) -> Plan:
    """Plan for a scene; `canonical` resolves the persons named in it."""
    made, whose = Plan(), _Whose(canonical)
    grouping = groups(scene.rows, scene.decisions())
    touched = _ask_of_pairs(made, scene, grouping, whose)
    own = set(scene.own)
    for group in grouping.groups:
        if not group.isdisjoint(scene.core):
            _plan_group(made, scene, group, sorted(group & own), whose, asked=not touched.isdisjoint(group))
    return made


def _ask_of_pairs(made: Plan, scene: Scene, grouping: Grouping, whose: _Whose) -> set[UUID]:
    touched: set[UUID] = set()
    for question in grouping.questions:
        if not question.records.isdisjoint(scene.core):
            touched |= question.records
            _ask(made, scene, Kind(question.kind.value), question.records, whose)
    return touched


def _ask(
    made: Plan, scene: Scene, kind: Kind, record_ids: Iterable[UUID], whose: _Whose, persons: Iterable[UUID] = ()
) -> None:
    records = tuple(sorted(record_ids))
    rows = [scene.rows[one] for one in records]
    known = {person for row in rows if (person := whose.of(row)) is not None} | set(persons)
    among = set(records)
    weights = [pair.weight for one in records for pair in scene.near.get(one, ()) if {*_ends(pair)} <= among]
    brought = [row for row in rows if row.source_id != CITY]
    sources = sorted(row.source_id for row in [one for one in brought if one.id in scene.own] or brought)
    best = max(weights, default=0.0)
    made.questions.append(NewQuestion(kind, records, tuple(sorted(known)), best, sources[0] if sources else None))


def _plan_group(
    made: Plan, scene: Scene, group: frozenset[UUID], mine: list[UUID], whose: _Whose, *, asked: bool
) -> None:
    rows = {one: scene.rows[one] for one in mine}
    there = [row for one in group if one not in rows and (row := scene.rows[one]).state == RecordState.PLACED]
    persons = {person for row in there if (person := whose.of(row)) is not None}
    kept = {one: person for one, row in rows.items() if (person := whose.of(row)) is not None}
    persons |= {kept[one] for one in kept if rows[one].source_id == CITY}
    made.stays |= kept
    made.changed |= {one for one, person in kept.items() if person not in persons}
    for one in sorted({row.id for row in there if row.rule == CHANGED} | (made.changed & group)):
        _ask(made, scene, Kind.CHANGED, (one,), whose, persons)
    if len(persons) > 1:
        _ask(made, scene, Kind.MERGE, group, whose)
    new = [one for one in mine if one not in kept]
    if not new:
        return
    if len(persons) > 1:
        made.reviews |= set(new)
    elif persons:
        _join(made, scene, new, persons, whose)
    else:
        _make(made, scene, new, whose, asked=asked)


def _join(made: Plan, scene: Scene, new: Iterable[UUID], persons: set[UUID], whose: _Whose) -> None:
    [person] = persons
    for one in new:
        owner = _owner(scene, one, whose)
        if owner is None or owner == person:
            made.joins[one] = person
        else:
            made.reviews.add(one)
            _ask(made, scene, Kind.CONFLICT, (one,), whose, {person, owner})


def _make(made: Plan, scene: Scene, new: list[UUID], whose: _Whose, *, asked: bool) -> None:
    owned = {one: owner for one in new if (owner := _owner(scene, one, whose)) is not None}
    if owned:
        made.reviews |= set(new)
        _ask(made, scene, Kind.CONFLICT, new, whose, owned.values())
        return
    ranked = sorted(new, key=lambda one: (not is_certain(scene, one), -_says(scene, one), one))
    if asked and not is_certain(scene, ranked[0]):
        made.reviews |= set(new)
    else:
        made.makes.append(ranked)


def _owner(scene: Scene, record_id: UUID, whose: _Whose) -> UUID | None:
    owner = scene.owners.get(record_id)
    return None if owner is None else whose.persons.get(owner)


def is_certain(scene: Scene, record_id: UUID) -> bool:
    """Tell whether a record is fit for a card made ahead."""
    return certain(scene.made[record_id].content)


def _says(scene: Scene, record_id: UUID) -> int:
    content = scene.made[record_id].content
    return sum(getattr(content, name) is not None for name in content.__struct_fields__)


def because(scene: Scene, record_id: UUID) -> Because:
    """Return the rule and weight that join a record best with another; none where nothing does."""
    found = []
    for pair in scene.near.get(record_id, ()):
        if pair.human is not None or pair.outcome != Outcome.NONE:
            rule = HUMAN if pair.human == Human.SAME else pair.rule
            found.append((rule == SAME_NUMBER, pair.outcome == Outcome.LINK, pair.weight, rule))
    return NO_REASON if not found else (max(found)[3], max(found)[2])


def _ends(pair: PairRow) -> tuple[UUID, UUID]:
    return pair.record_id, pair.other_id
