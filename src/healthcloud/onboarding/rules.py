"""
Where an institution stands, as a function of the evidence; pure.

The steps are those of the way in: each is true or not by itself, and an institution stands at the last one before the
first that is not. Nothing here remembers: a key that is revoked, a case that is new in the suite or a week without
traffic moves an institution back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Point(StrEnum):
    """A kind of place in an institution where a card is shown (用卡环节)."""

    WINDOW = "window"  # 窗口
    KIOSK = "kiosk"  # 自助机
    CONSULTING = "consulting-room"  # 诊室
    PHARMACY = "pharmacy"  # 药房
    LABORATORY = "laboratory"  # 检验
    EXAMINATION = "examination"  # 检查
    WARD = "ward"  # 住院


class Step(StrEnum):
    """A step of the way in, in order."""

    APPLIED = "applied"
    KEYS = "keys"
    CASES = "cases"
    REPORT = "report"
    POINTS = "points"
    LIVE = "live"
    FRESH = "fresh"


KIOSK_KIND = "02"  # terminal-kind
# By medStepCode. 010107 (an operation), 010108 (either kind of report) and 000000 tell of no one kind of place.
_POINT_OF_SCENE = {
    "010101": Point.WINDOW,
    "010105": Point.WINDOW,
    "010102": Point.CONSULTING,
    "010106": Point.CONSULTING,
    "010103": Point.PHARMACY,
    "0101081": Point.LABORATORY,
    "010104": Point.EXAMINATION,
    "0101082": Point.EXAMINATION,
    "010109": Point.WARD,
}
WHO_ACTS = {
    Step.APPLIED: "institution",
    Step.KEYS: "administrator",
    Step.CASES: "developer",
    Step.REPORT: "developer",
    Step.POINTS: "institution",
    Step.LIVE: "institution",
    Step.FRESH: "institution",
}


def point_of(terminal_kind: str | None, scene: str) -> Point | None:
    """Return the point a use at such a terminal for such a step of treatment is evidence of, if of any."""
    return Point.KIOSK if terminal_kind == KIOSK_KIND else _POINT_OF_SCENE.get(scene)


@dataclass(frozen=True, slots=True)
class PointUse:
    """What the city knows of a point: whether it is planned, active terminals, uses of the last days, the last use."""

    point: Point
    is_planned: bool
    terminals: int
    uses: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A conformance report whose key is trusted today: which cases passed and which failed on a face, and when."""

    face: str
    is_complete: bool
    is_passed: bool
    passed: frozenset[str]
    failed: frozenset[str]
    ended: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a state is computed from."""

    applied_at: datetime | None = None
    live_keys: int = 0
    tried: tuple[Tried, ...] = ()
    points: tuple[PointUse, ...] = ()
    last_message_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepState:
    """
    Whether a step is reached, how much of what is wanted there is, and the instant of the evidence.

    `missing` names cases or points that are not there yet; who must act stands with each step that is not reached.
    """

    step: Step
    is_met: bool
    have: int
    want: int
    at: datetime | None
    missing: tuple[str, ...] = ()

    @property
    def who_acts(self) -> str:
        """Who must do something: nobody where the step is reached."""
        return "nobody" if self.is_met else WHO_ACTS[self.step]


@dataclass(frozen=True, slots=True)
class State:
    """Where an institution stands: every step, and the face its cases are judged on (None before any report)."""

    steps: tuple[StepState, ...]
    face: str | None

    @property
    def reached(self) -> Step | None:
        """The last step before the first that is not reached."""
        met: Step | None = None
        for one in self.steps:
            if not one.is_met:
                break
            met = one.step
        return met

    @property
    def next(self) -> StepState | None:
        """The first step that is not reached: what is missing next."""
        return next((one for one in self.steps if not one.is_met), None)


def state_of(evidence: Evidence, suite: Mapping[str, frozenset[str]], now: datetime, fresh: timedelta) -> State:
    """Return where an institution stands; `suite` has the cases of today by face, `fresh` is how old traffic may be."""
    face, cases, report = _conformance(evidence.tried, suite)
    return State(
        (
            _there(Step.APPLIED, evidence.applied_at),
            StepState(Step.KEYS, evidence.live_keys > 0, evidence.live_keys, 1, None),
            cases,
            report,
            _points(evidence.points),
            *_traffic(evidence, now, fresh),
        ),
        face,
    )


def _there(step: Step, at: datetime | None) -> StepState:
    return StepState(step, at is not None, int(at is not None), 1, at)


def _conformance(
    tried: Iterable[Tried], suite: Mapping[str, frozenset[str]]
) -> tuple[str | None, StepState, StepState]:
    """Return the face that is furthest, with its cases and its report; of faces that are even the first by name."""
    by_face: dict[str, list[Tried]] = {}
    for one in sorted(tried, key=lambda one: one.ended):
        by_face.setdefault(one.face, []).append(one)
    judged = [
        (face, _cases(by_face[face], suite[face]), _report(by_face[face], suite[face]))
        for face in sorted(by_face.keys() & suite.keys())
    ]
    if not judged:
        none = StepState(Step.CASES, is_met=False, have=0, want=1, at=None)
        return None, none, StepState(Step.REPORT, is_met=False, have=0, want=1, at=None)
    return max(judged, key=lambda one: (one[1].is_met and one[2].is_met, one[2].is_met, one[2].have, one[1].have))


def _cases(runs: list[Tried], wanted: frozenset[str]) -> StepState:
    """Add up runs in their order: a case stands as it last ended, and what was not run stays as it was."""
    passed: set[str] = set()
    for run in runs:
        passed = (passed - run.failed) | run.passed
    missing = tuple(sorted(wanted - passed))
    return StepState(
        Step.CASES, not missing and bool(wanted), len(wanted & passed), len(wanted), runs[-1].ended, missing
    )


def _report(runs: list[Tried], wanted: frozenset[str]) -> StepState:
    """Judge the newest report of a whole run, by the cases of today."""
    whole = [one for one in runs if one.is_complete]
    if not whole:
        missing = tuple(sorted(wanted))
        return StepState(Step.REPORT, is_met=False, have=0, want=len(wanted), at=None, missing=missing)
    newest = whole[-1]
    missing = tuple(sorted(wanted - newest.passed))
    is_met = newest.is_passed and not missing and bool(wanted)
    return StepState(Step.REPORT, is_met, len(wanted & newest.passed), len(wanted), newest.ended, missing)


def _points(points: Iterable[PointUse]) -> StepState:
    planned = [one for one in points if one.is_planned]
    used = [one.last_used_at for one in planned if one.last_used_at is not None]
    missing = tuple(one.point for one in planned if one.last_used_at is None)
    is_met = bool(planned) and not missing
    return StepState(Step.POINTS, is_met, len(used), max(len(planned), 1), max(used, default=None), missing)


def _traffic(evidence: Evidence, now: datetime, fresh: timedelta) -> tuple[StepState, StepState]:
    seen = [one.last_used_at for one in evidence.points] + [evidence.last_message_at]
    last = max((one for one in seen if one is not None), default=None)
    is_fresh = last is not None and now - last <= fresh
    return _there(Step.LIVE, last), StepState(Step.FRESH, is_fresh, int(is_fresh), 1, last)
