"""Blocks against the slow, obvious twin that compares everybody with everybody; decisions from both sides."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from healthcloud.index.matching import (
    DEFAULT_MODEL,
    Content,
    Decision,
    Features,
    Outcome,
    Shelf,
    Written,
    block_texts,
    decide,
    features_of,
    read_content,
)
from healthcloud.people import check_character
from healthcloud_simulators import hospital_files

TODAY = date(2026, 1, 1)
Pairs = dict[frozenset[int], Decision]

_NAMES = st.sampled_from(
    ["张伟", "張偉", "张炜", "张□", "张小伟", "张晓伟", "李娜", "李那", "John Smith", "smith john", "张芳之女"]
)
_DAYS = st.integers(0, 800).map(lambda days: date(1950, 12, 1) + timedelta(days=days))
_BIRTHS = st.one_of(st.sampled_from([date(1951, 1, 1), date(1952, 1, 1), date(1951, 3, 12), date(1951, 12, 3)]), _DAYS)
_PHONES = st.sampled_from([None, "16013572468", "16013572469", "16099887766"])
_HOMES = st.sampled_from([None, "解放路3号2单元501室", "枣庄市解放路三号2-501", "光明新村3-2-501", "上李村12号"])


@st.composite
def contents(draw: st.DrawFn) -> Content:
    born, sex = draw(_BIRTHS), draw(st.sampled_from("12"))
    first17 = (
        f"370402{draw(st.sampled_from([born, date(1951, 3, 12)])):%Y%m%d}{draw(st.sampled_from(['001', '002', '011']))}"
    )
    valid = first17 + check_character(first17)
    number = draw(
        st.sampled_from([None, valid, valid[:16] + str(9 - int(valid[16])) + valid[17], first17[:6] + first17[8:]])
    )
    return read_content(
        Written(
            name=draw(_NAMES),
            sex=draw(st.sampled_from([sex, None])),
            birth_date=draw(st.sampled_from([born.isoformat(), None])),
            number=number,
            phone=draw(_PHONES),
            address=draw(_HOMES),
        ),
        TODAY,
    )


def by_all_pairs(features: list[Features]) -> Pairs:
    decided = {
        frozenset((one, other)): decide(features[one], features[other], DEFAULT_MODEL)
        for one, other in combinations(range(len(features)), 2)
    }
    return {pair: decision for pair, decision in decided.items() if decision.outcome is not Outcome.NONE}


def by_shelf(records: list[Content]) -> Pairs:
    shelf = Shelf[int](DEFAULT_MODEL)
    return {
        frozenset((place, other)): decision
        for place, content in enumerate(records)
        for other, decision in shelf.add(place, content)
    }


def may_be_lost(one: Features, other: Features) -> bool:
    """The limit of blocks: nobody's phone or street in common, and birth dates that share neither year nor day."""
    if one.phone and one.phone == other.phone:
        return False
    a, b = one.hinted_birth, other.hinted_birth
    share_birth = a and b and (a.year == b.year or ((a.month, a.day) == (b.month, b.day) != (1, 1)))
    return not share_birth and set(one.places).isdisjoint(other.places)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(contents(), min_size=2, max_size=14))
def test_blocks_find_every_link_within_their_limit_and_nothing_else(records: list[Content]) -> None:
    features = [features_of(content) for content in records]
    obvious, quick = by_all_pairs(features), by_shelf(records)

    assert quick.items() <= obvious.items()
    lost = [
        sorted(pair) for pair, decision in obvious.items() if decision.outcome is Outcome.LINK and pair not in quick
    ]
    assert [records[one] for one, other in lost if not may_be_lost(features[one], features[other])] == []


@settings(derandomize=True, max_examples=150, deadline=None)
@given(contents(), contents())
def test_a_decision_is_the_same_from_both_sides(one: Content, other: Content) -> None:
    a, b = features_of(one), features_of(other)

    assert decide(a, b, DEFAULT_MODEL) == decide(b, a, DEFAULT_MODEL)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(contents(), contents())
def test_two_certain_numbers_are_never_joined(one: Content, other: Content) -> None:
    a, b = features_of(one), features_of(other)

    if a.is_certain and b.is_certain and a.key != b.key:
        assert decide(a, b, DEFAULT_MODEL).outcome is not Outcome.LINK


@settings(derandomize=True, max_examples=60, deadline=None)
@given(contents())
def test_a_record_read_again_has_the_same_blocks_none_twice(content: Content) -> None:
    texts = block_texts(features_of(content), DEFAULT_MODEL)

    assert texts == block_texts(features_of(content), DEFAULT_MODEL)
    assert len(set(texts)) == len(texts) <= 16


def test_a_name_and_address_as_long_as_may_be_have_few_blocks() -> None:
    content = read_content(
        Written(name=" ".join("abcdefghijklmnopqrstuvwxyz"), birth_date="1951-03-12", address="12 main " * 50), TODAY
    )

    assert len(block_texts(features_of(content), DEFAULT_MODEL)) <= 40


def test_of_hospitals_files_blocks_lose_no_link_and_hardly_a_question() -> None:
    rows = hospital_files.files(77, rows=240, common=110).rows
    records = [
        read_content(
            Written(
                name=row.written.name,
                sex=row.written.sex,
                birth_date=row.written.birth_date,
                number=row.written.number,
                phone=row.written.phone,
                address=row.written.address,
            ),
            TODAY,
        )
        for row in rows
    ]

    obvious, quick = by_all_pairs([features_of(content) for content in records]), by_shelf(records)

    lost = [decision.outcome for pair, decision in obvious.items() if pair not in quick]
    assert Outcome.LINK not in lost
    assert len(lost) <= 0.02 * len(obvious)
