"""Groups from pair decisions: what is promised of any records and decisions, and the cases that made the rules."""

from collections import defaultdict
from itertools import combinations
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from healthcloud.index.grouping import (
    MOST_TOGETHER,
    Grouping,
    Human,
    Kind,
    PairDecision,
    Question,
    groups,
    holds_together,
)
from healthcloud.index.matching import SAME_NUMBER, Outcome

A, B, C, D, E = (UUID(int=number) for number in range(1, 6))
RECORDS = [UUID(int=number) for number in range(1, 9)]


def link(one: UUID, other: UUID, human: Human | None = None) -> PairDecision:
    return PairDecision(one, other, Outcome.LINK, "weight", human)


def exact(one: UUID, other: UUID, human: Human | None = None) -> PairDecision:
    return PairDecision(one, other, Outcome.LINK, SAME_NUMBER, human)


def review(one: UUID, other: UUID, human: Human | None = None) -> PairDecision:
    return PairDecision(one, other, Outcome.REVIEW, "weight", human)


def same(one: UUID, other: UUID) -> PairDecision:
    return PairDecision(one, other, Outcome.NONE, "weight", Human.SAME)


def sets(*members: str) -> tuple[frozenset[UUID], ...]:
    letters = dict(zip("abcde", (A, B, C, D, E), strict=True))
    return tuple(frozenset(letters[letter] for letter in group) for group in members)


KINDS = st.sampled_from(
    [
        None,
        None,
        None,
        (Outcome.LINK, "weight", None),
        (Outcome.LINK, "weight", None),
        (Outcome.LINK, SAME_NUMBER, None),
        (Outcome.REVIEW, "weight", None),
        (Outcome.LINK, SAME_NUMBER, Human.DIFFERENT),
        (Outcome.REVIEW, "weight", Human.DIFFERENT),
        (Outcome.REVIEW, "weight", Human.SAME),
    ]
)


@st.composite
def decided(draw: st.DrawFn) -> list[PairDecision]:
    """Decisions of any kind about some of the pairs of eight records."""
    pairs = list(combinations(RECORDS, 2))
    kinds = draw(st.lists(KINDS, min_size=len(pairs), max_size=len(pairs)))
    return [PairDecision(one, other, *kind) for (one, other), kind in zip(pairs, kinds, strict=True) if kind]


class TestAnyDecisions:
    @given(decided(), st.randoms(use_true_random=False), st.data())
    @settings(derandomize=True, max_examples=60, deadline=None)
    def test_order_of_records_and_pairs_and_of_the_two_in_a_pair_does_not_matter(
        self, decisions: list[PairDecision], random: Random, data: st.DataObject
    ) -> None:
        before = groups(RECORDS, decisions)

        turned = [
            PairDecision(one.other, one.one, one.outcome, one.rule, one.human) if data.draw(st.booleans()) else one
            for one in decisions
        ]
        shuffled = list(RECORDS)
        random.shuffle(turned)
        random.shuffle(shuffled)

        assert groups(shuffled, turned) == before

    @given(decided())
    @settings(derandomize=True, max_examples=80, deadline=None)
    def test_each_record_is_in_one_group_and_no_group_holds_a_human_different(
        self, decisions: list[PairDecision]
    ) -> None:
        found = groups(RECORDS, decisions).groups

        assert sorted(record for group in found for record in group) == RECORDS
        apart = [{one.one, one.other} for one in decisions if one.human is Human.DIFFERENT]
        assert not [group for group in found if any(pair <= group for pair in apart)]

    @given(decided())
    @settings(derandomize=True, max_examples=80, deadline=None)
    def test_what_links_hold_together_and_groups_do_not_is_asked(self, decisions: list[PairDecision]) -> None:
        found = groups(RECORDS, decisions)

        of = {record: group for group in found.groups for record in group}
        for one in decisions:
            if holds_together(one) and of[one.one] != of[one.other]:
                said = {frozenset((pair.one, pair.other)) for pair in decisions if pair.human is Human.DIFFERENT}
                assert _asked(found, one) or any(
                    frozenset(pair) in said for pair in combinations(_bound(one, decisions), 2)
                )

    @given(decided())
    @settings(derandomize=True, max_examples=80, deadline=None)
    def test_what_is_uncertain_is_asked_once_or_said_already(self, decisions: list[PairDecision]) -> None:
        found = groups(RECORDS, decisions)

        of = {record: group for group in found.groups for record in group}
        said = [(one.one, one.other) for one in decisions if one.human is Human.DIFFERENT]
        for one in decisions:
            if one.human is None and one.outcome is Outcome.REVIEW and of[one.one] != of[one.other]:
                sides = {of[one.one], of[one.other]}
                assert _asked(found, one) or any({of[a], of[b]} == sides for a, b in said)
        pairs = [one.sides for one in found.questions if one.kind is Kind.PAIR]
        assert len(pairs) == len(set(pairs))

    @given(decided(), st.permutations(RECORDS))
    @settings(derandomize=True, max_examples=60, deadline=None)
    def test_recomputing_the_touched_component_as_each_record_comes_is_computing_the_whole(
        self, decisions: list[PairDecision], order: list[UUID]
    ) -> None:
        held = Grouping((), ())
        for count in range(1, len(order) + 1):
            known = set(order[:count])
            among = [one for one in decisions if one.one in known and one.other in known]
            held = _take_in(held, order[count - 1], among)

        assert held == groups(RECORDS, decisions)


class TestBridges:
    def test_a_record_that_links_to_two_that_do_not_link_is_asked_and_nobody_is_joined(self) -> None:
        found = groups([A, B, C], [link(A, C), link(C, B)])

        assert found.groups == sets("a", "b", "c")
        assert found.questions == (Question(Kind.BRIDGE, sets("a", "b", "c")),)

    def test_a_record_that_links_to_one_member_of_a_group_is_asked(self) -> None:
        found = groups([A, B, C, D], [link(A, B), link(B, C), link(A, C), link(C, D)])

        assert found.groups == sets("a", "b", "c", "d")
        assert [one.kind for one in found.questions] == [Kind.BRIDGE]

    def test_a_human_different_opens_the_clique_it_stands_in(self) -> None:
        found = groups([A, B, C], [link(A, B, Human.DIFFERENT), link(B, C), link(A, C)])

        assert found.groups == sets("a", "b", "c")
        assert [one.kind for one in found.questions] == [Kind.BRIDGE]

    def test_a_human_same_closes_it(self) -> None:
        found = groups([A, B, C], [link(A, C), link(C, B), same(A, B)])

        assert found == Grouping(sets("abc"), ())

    @given(st.integers(2, 6), st.integers(2, 6))
    @settings(derandomize=True, max_examples=20, deadline=None)
    def test_two_whole_groups_with_a_record_between_are_one_question(self, left: int, right: int) -> None:
        ours = [UUID(int=number) for number in range(100, 100 + left)]
        theirs = [UUID(int=number) for number in range(200, 200 + right)]
        whole = [link(*pair) for side in (ours, theirs) for pair in combinations(side, 2)]
        bridge = [link(A, record) for record in (*ours, *theirs)]

        before = groups([*ours, *theirs], whole)
        after = groups([A, *ours, *theirs], whole + bridge)

        assert before == Grouping((frozenset(ours), frozenset(theirs)), ())
        assert [(one.kind, len(one.records)) for one in after.questions] == [(Kind.BRIDGE, left + right + 1)]


class TestBound:
    def test_records_of_one_number_count_as_one_whichever_of_them_links(self) -> None:
        found = groups([A, B, C, D], [exact(A, B), link(B, C), link(A, D), link(C, D)])

        assert found == Grouping(sets("abcd"), ())

    def test_a_human_different_makes_what_the_machine_bound_fall_apart_and_asks(self) -> None:
        found = groups([A, B, C, D], [exact(A, B), exact(B, C), exact(A, C, Human.DIFFERENT), same(C, D)])

        assert found.groups == sets("a", "b", "cd")
        assert found.questions == (Question(Kind.CONFLICT, sets("a", "b", "cd")),)

    def test_humans_who_contradict_each_other_are_asked_and_nobody_is_joined(self) -> None:
        found = groups([A, B, C], [same(A, B), same(B, C), review(A, C, Human.DIFFERENT)])

        assert found.groups == sets("a", "b", "c")
        assert found.questions == (Question(Kind.CONFLICT, sets("a", "b", "c")),)

    def test_a_human_different_holds_for_all_who_are_bound_to_either(self) -> None:
        found = groups([A, B, C, D], [exact(A, B), exact(C, D), review(A, C, Human.DIFFERENT), link(B, D)])

        assert found == Grouping(sets("ab", "cd"), ())


class TestReviews:
    def test_two_groups_that_resemble_each_other_are_one_question_however_many_pairs_do(self) -> None:
        found = groups([A, B, C, D], [link(A, B), link(C, D), review(A, C), review(B, C), review(B, D)])

        assert found == Grouping(sets("ab", "cd"), (Question(Kind.PAIR, sets("ab", "cd")),))

    def test_what_a_person_has_said_is_not_asked_again(self) -> None:
        found = groups([A, B, C], [link(A, B), review(A, C, Human.DIFFERENT), review(B, C)])

        assert found == Grouping(sets("ab", "c"), ())

    def test_a_resemblance_within_another_question_is_not_asked_beside_it(self) -> None:
        found = groups([A, B, C], [link(A, C), link(B, C), review(A, B)])

        assert [one.kind for one in found.questions] == [Kind.BRIDGE]


class TestSize:
    def test_a_component_above_the_limit_is_asked_and_one_at_it_is_a_group(self) -> None:
        many = [UUID(int=number) for number in range(1, MOST_TOGETHER + 2)]

        just = groups(many[:-1], [link(*pair) for pair in combinations(many[:-1], 2)])
        above = groups(many, [link(*pair) for pair in combinations(many, 2)])

        assert just == Grouping((frozenset(many[:-1]),), ())
        assert [(one.kind, len(one.sides)) for one in above.questions] == [(Kind.TOO_LARGE, MOST_TOGETHER + 1)]

    def test_an_identity_number_binds_however_many(self) -> None:
        many = [UUID(int=number) for number in range(1, MOST_TOGETHER + 2)]

        found = groups(many, [exact(many[0], one) for one in many[1:]])

        assert found == Grouping((frozenset(many),), ())


def _asked(found: Grouping, decision: PairDecision) -> bool:
    return any({decision.one, decision.other} <= question.records for question in found.questions)


def _bound(decision: PairDecision, decisions: list[PairDecision]) -> frozenset[UUID]:
    """Return who is bound to either of a pair, by number or by a person."""
    found = {decision.one, decision.other}
    bonds = [
        {one.one, one.other} for one in decisions if holds_together(one) and (one.human or one.rule == SAME_NUMBER)
    ]
    while reached := [bond for bond in bonds if bond & found and not bond <= found]:
        found.update(*reached)
    return frozenset(found)


def _take_in(held: Grouping, record: UUID, decisions: list[PairDecision]) -> Grouping:
    """Do as placing does: recompute what the record touches, and leave the rest as it is."""
    near: defaultdict[UUID, set[UUID]] = defaultdict(set)
    resembling: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for one in decisions:
        kind = near if holds_together(one) else resembling
        kind[one.one].add(one.other)
        kind[one.other].add(one.one)
    touched = _reached({record}, near)
    around = _reached(touched.union(*(resembling[one] for one in touched)), near)
    found = groups(around, decisions)
    kept = [group for group in held.groups if group.isdisjoint(touched)]
    ours = [group for group in found.groups if group <= touched]
    asked = [one for one in held.questions if one.records.isdisjoint(touched)]
    asked += [one for one in found.questions if not one.records.isdisjoint(touched)]
    return Grouping(
        tuple(sorted(kept + ours, key=min)),
        tuple(sorted(asked, key=lambda one: ([min(side) for side in one.sides], one.kind))),
    )


def _reached(start: set[UUID], near: defaultdict[UUID, set[UUID]]) -> set[UUID]:
    found = set(start)
    while more := set().union(*(near[one] for one in found)) - found:
        found |= more
    return found
