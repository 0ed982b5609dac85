"""
Which records are one person, and what must be asked; pure, and the same in whatever order records came.

Records bound by an identity number or by a human "same" are one node. Nodes that are all linked to one another are one
group. Where links form anything else (A–C–B with nothing between A and B), the nodes stay apart and a person is asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from healthcloud.index.grouping.sets import joined
from healthcloud.index.matching import SAME_NUMBER, Outcome

Pair = tuple[UUID, UUID]
MOST_TOGETHER = 50  # records in a component of links; a larger one is asked about


class Human(StrEnum):
    """What a person said of a pair."""

    SAME = "same"
    DIFFERENT = "different"


class Kind(StrEnum):
    """Why a question is asked."""

    PAIR = "pair"  # two groups that resemble each other, not enough to link
    BRIDGE = "bridge"  # links that do not join everybody with everybody
    CONFLICT = "conflict"  # bound together, yet a person said "different" of two of them
    TOO_LARGE = "too-large"  # more than MOST_TOGETHER records linked


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What is decided of two records, by the machine and perhaps by a person; which is `one` does not matter."""

    one: UUID
    other: UUID
    outcome: Outcome
    rule: str
    human: Human | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must decide: whether the sides, groups that stand apart until then, are one person."""

    kind: Kind
    sides: tuple[frozenset[UUID], ...]

    @property
    def records(self) -> frozenset[UUID]:
        """Return the records of all sides."""
        return frozenset().union(*self.sides)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Every record in one group, and the questions; both in the order of their smallest records."""

    groups: tuple[frozenset[UUID], ...]
    questions: tuple[Question, ...]


def holds_together(decision: PairDecision) -> bool:
    """
    Tell whether a pair's records are of one component.

    A component is all that can change a group: whoever recomputes after a decision takes the components of the
    records decided about, with every decision among them, and for questions the components a REVIEW pair leads to.
    """
    return decision.human is Human.SAME or (decision.human is None and decision.outcome is Outcome.LINK)


def groups(records: Collection[UUID], decisions: Iterable[PairDecision]) -> Grouping:
    """
    Group records by the decisions about pairs of them; of a pair there is at most one.

    Decisions about a record that is not among them do not count. No group holds a pair that a person called different.
    """
    known = frozenset(records)
    among = [pair for pair in decisions if pair.one in known and pair.other in known]
    apart = [(pair.one, pair.other) for pair in among if pair.human is Human.DIFFERENT]
    nodes, conflicts = _bind(known, among, apart)
    placed, asked = _link(nodes, conflicts, among, apart)
    asked += [Question(Kind.CONFLICT, _in_order(node for node in nodes if node <= bound)) for bound in conflicts]
    asked += _reviews(placed, asked, among, apart)
    return Grouping(
        _in_order(placed), tuple(sorted(asked, key=lambda one: ([min(side) for side in one.sides], one.kind)))
    )


def _bind(
    records: frozenset[UUID], among: Iterable[PairDecision], apart: Collection[Pair]
) -> tuple[list[frozenset[UUID]], list[frozenset[UUID]]]:
    """Return the nodes, and the bound sets that contradict themselves, of which only human bonds are left."""
    human = [(pair.one, pair.other) for pair in among if pair.human is Human.SAME]
    exact = [(pair.one, pair.other) for pair in among if holds_together(pair) and pair.rule == SAME_NUMBER]
    sound, conflicts = _parted(joined(records, human + exact), apart)
    in_conflict = frozenset().union(*conflicts)
    said, unsaid = _parted(joined(in_conflict, [pair for pair in human if pair[0] in in_conflict]), apart)
    return [*sound, *said, *(frozenset((record,)) for bound in unsaid for record in bound)], conflicts


def _link(
    nodes: list[frozenset[UUID]],
    conflicts: list[frozenset[UUID]],
    among: Iterable[PairDecision],
    apart: Iterable[Pair],
) -> tuple[list[frozenset[UUID]], list[Question]]:
    """Join nodes that are all linked to one another; ask where a component of links is anything else."""
    node_of, conflict_of = _places(nodes), _places(conflicts)
    linked = [
        (pair.one, pair.other)
        for pair in among
        # What bound a set that contradicts itself has fallen away, between any two of it.
        if holds_together(pair)
        and (pair.one not in conflict_of or conflict_of[pair.one] != conflict_of.get(pair.other))
    ]
    links = _between(node_of, linked) - _between(node_of, apart)
    placed: list[frozenset[UUID]] = []
    asked: list[Question] = []
    for component in joined(range(len(nodes)), links):
        members = [nodes[node] for node in component]
        together = frozenset[UUID]().union(*members)
        if len(together) > MOST_TOGETHER and len(members) > 1:
            placed += members
            asked.append(Question(Kind.TOO_LARGE, _in_order(members)))
        elif all(pair in links for pair in combinations(sorted(component), 2)):
            placed.append(together)
        else:
            placed += members
            asked.append(Question(Kind.BRIDGE, _in_order(members)))
    return placed, asked


def _reviews(
    placed: list[frozenset[UUID]], asked: Iterable[Question], among: Iterable[PairDecision], apart: Iterable[Pair]
) -> list[Question]:
    """Ask of two groups that resemble each other, unless a person has said it or another question holds both."""
    group_of = _places(placed)
    held: defaultdict[UUID, set[int]] = defaultdict(set)
    for place, question in enumerate(asked):
        for record in question.records:
            held[record].add(place)
    uncertain = [
        (pair.one, pair.other)
        for pair in among
        if pair.human is None and pair.outcome is Outcome.REVIEW and held[pair.one].isdisjoint(held[pair.other])
    ]
    pairs = _between(group_of, uncertain) - _between(group_of, apart)
    return [Question(Kind.PAIR, _in_order((placed[one], placed[other]))) for one, other in pairs]


def _parted(
    sets: Iterable[frozenset[UUID]], apart: Iterable[Pair]
) -> tuple[list[frozenset[UUID]], list[frozenset[UUID]]]:
    """Part sets into those that hold no pair a person called different, and those that do."""
    found = list(sets)
    set_of = _places(found)
    against = {set_of[one] for one, other in apart if one in set_of and set_of[one] == set_of.get(other)}
    sound = [members for place, members in enumerate(found) if place not in against]
    return sound, [found[place] for place in sorted(against)]


def _places(sets: Iterable[frozenset[UUID]]) -> dict[UUID, int]:
    return {record: place for place, members in enumerate(sets) for record in members}


def _between(place_of: Mapping[UUID, int], pairs: Iterable[Pair]) -> set[tuple[int, int]]:
    """Return between which sets pairs lead, the lower first, but for those within one."""
    ends = ((place_of[one], place_of[other]) for one, other in pairs)
    return {(min(pair), max(pair)) for pair in ends if pair[0] != pair[1]}


def _in_order(sets: Iterable[frozenset[UUID]]) -> tuple[frozenset[UUID], ...]:
    return tuple(sorted(sets, key=min))
