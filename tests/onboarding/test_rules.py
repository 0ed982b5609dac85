"""Where an institution stands, by evidence: a table, and a slow twin of what cases and reports come to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud import institutions, onboarding
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.onboarding.rules import Evidence, Point, PointUse, Step, Tried, point_of, state_of

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY, FRESH = timedelta(days=1), timedelta(days=7)
CASES = frozenset({"a", "b", "c"})
SUITE = {"own": CASES, "family-c": frozenset({"a", "b"})}


def tried(passed: str, failed: str = "", *, face: str = "own", days: int = 1, is_complete: bool = True) -> Tried:
    return Tried(face, is_complete, is_complete and not failed, frozenset(passed), frozenset(failed), NOW - days * DAY)


def used(point: Point = Point.WINDOW, days: int | None = 0, *, is_planned: bool = True) -> PointUse:
    last = None if days is None else NOW - days * DAY
    return PointUse(point, is_planned, 1, 0 if days is None else 1, last)


ALL = Evidence(NOW - 30 * DAY, 1, (tried("abc"),), (used(),), NOW)


@pytest.mark.parametrize(
    ("evidence", "reached", "ahead", "missing"),
    [
        (Evidence(), None, Step.APPLIED, ()),
        (Evidence(applied_at=NOW), Step.APPLIED, Step.KEYS, ()),
        (Evidence(live_keys=1), None, Step.APPLIED, ()),
        (Evidence(NOW, 1), Step.KEYS, Step.CASES, ()),
        (Evidence(NOW, 1, (tried("a", is_complete=False),)), Step.KEYS, Step.CASES, ("b", "c")),
        # Cases passed in two runs add up, yet no one report has them all.
        (
            Evidence(NOW, 1, (tried("ab", is_complete=False), tried("c", is_complete=False))),
            Step.CASES,
            Step.REPORT,
            ("a", "b", "c"),
        ),
        # What failed later is passed no more, and the newest whole run counts.
        (Evidence(NOW, 1, (tried("abc", days=2), tried("ab", "c", days=1))), Step.KEYS, Step.CASES, ("c",)),
        # A case is new in the suite since the report was signed.
        (Evidence(NOW, 1, (tried("ab"),)), Step.KEYS, Step.CASES, ("c",)),
        # Another face has fewer cases, and is whole.
        (Evidence(NOW, 1, (tried("ab", face="family-c"), tried("a", "b"))), Step.REPORT, Step.POINTS, ()),
        (Evidence(NOW, 1, (tried("abc", face="gone"),)), Step.KEYS, Step.CASES, ()),
        (Evidence(NOW, 1, (tried("abc"),)), Step.REPORT, Step.POINTS, ()),
        (
            Evidence(NOW, 1, (tried("abc"),), (used(), used(Point.WARD, None))),
            Step.REPORT,
            Step.POINTS,
            (Point.WARD,),
        ),
        # Uses at a point nobody planned convert nothing.
        (Evidence(NOW, 1, (tried("abc"),), (used(is_planned=False),)), Step.REPORT, Step.POINTS, ()),
        (Evidence(NOW, 1, (tried("abc"),), (used(days=8),)), Step.LIVE, Step.FRESH, ()),
        (Evidence(NOW, 1, (tried("abc"),), (used(days=7),)), Step.FRESH, None, ()),
        (Evidence(NOW, 1, (tried("abc"),), (used(days=8),), NOW - DAY), Step.FRESH, None, ()),
        (ALL, Step.FRESH, None, ()),
    ],
)
def test_where_an_institution_stands(
    evidence: Evidence, reached: Step | None, ahead: Step | None, missing: tuple[str, ...]
) -> None:
    state = state_of(evidence, SUITE, NOW, FRESH)
    assert state.reached == reached
    assert (state.next.step if state.next else None) == ahead
    assert (state.next.missing if state.next else ()) == missing
    assert [one.step for one in state.steps] == list(Step)
    assert all((one.who_acts == "nobody") is one.is_met for one in state.steps)
    assert all(one.is_met is (one.have >= one.want) for one in state.steps)


RUNS = st.lists(
    st.tuples(
        st.sampled_from(["own", "family-c", "gone"]),
        st.dictionaries(st.sampled_from("abcd"), st.booleans(), max_size=4),
        st.booleans(),
        st.integers(0, 1000),
    ),
    max_size=6,
    unique_by=lambda run: run[3],
)


@given(RUNS)
def test_cases_and_reports_are_as_the_obvious_twin_says(
    runs: list[tuple[str, dict[str, bool], bool, int]],
) -> None:
    told = tuple(
        Tried(
            face,
            is_complete,
            is_complete and all(verdicts.values()),
            frozenset(one for one, good in verdicts.items() if good),
            frozenset(one for one, good in verdicts.items() if not good),
            NOW + timedelta(minutes=minute),
        )
        for face, verdicts, is_complete, minute in runs
    )
    steps = {one.step: one for one in state_of(Evidence(tried=told), SUITE, NOW, FRESH).steps}
    whole = {face: report_is_whole(runs, face) for face in SUITE}
    every = {face: all(last_verdict(runs, face, case) for case in SUITE[face]) for face in SUITE}
    assert steps[Step.REPORT].is_met is any(whole.values())
    if any(whole.values()):
        assert steps[Step.CASES].is_met is any(whole[face] and every[face] for face in SUITE)
    elif not any(every.values()):
        assert not steps[Step.CASES].is_met


def last_verdict(runs: list[tuple[str, dict[str, bool], bool, int]], face: str, case: str) -> bool:
    """Look back from the newest run for the first that tells of the case."""
    for one, verdicts, _, _ in sorted(runs, key=lambda run: -run[3]):
        if one == face and case in verdicts:
            return verdicts[case]
    return False


def report_is_whole(runs: list[tuple[str, dict[str, bool], bool, int]], face: str) -> bool:
    """Take the newest complete run of the face: nothing in it failed, and every case of today passed."""
    for one, verdicts, is_complete, _ in sorted(runs, key=lambda run: -run[3]):
        if one == face and is_complete:
            return all(verdicts.values()) and all(verdicts.get(case, False) for case in SUITE[face])
    return False


@pytest.mark.parametrize(
    ("kind", "scene", "point"),
    [
        ("01", "010101", Point.WINDOW),
        ("02", "010101", Point.KIOSK),
        ("02", "000000", Point.KIOSK),
        (None, "010102", Point.CONSULTING),
        ("99", "010103", Point.PHARMACY),
        ("01", "0101081", Point.LABORATORY),
        ("01", "010104", Point.EXAMINATION),
        ("01", "010109", Point.WARD),
        ("01", "010108", None),
        ("01", "010107", None),
    ],
)
def test_a_use_is_evidence_of_a_point(kind: str | None, scene: str, point: Point | None) -> None:
    assert point_of(kind, scene) is point


async def test_every_step_of_treatment_is_one_the_city_knows(database: Database) -> None:
    await institutions.load_standard_sets(database, SYSTEM)
    async with database.read() as read:
        known = {one.code for one in await institutions.codes.every_code(read, "med-step")}
    mapped = {scene for scene in known if point_of("01", scene) is not None}
    assert mapped == known - {"010107", "010108", "000000"}
    assert {point_of("01", scene) for scene in mapped} == set(onboarding.Point) - {Point.KIOSK}
