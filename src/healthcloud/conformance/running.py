"""Playing cases one after another; what one needs is played first, and what cannot be tried says why."""

from collections.abc import AsyncIterator, Collection

from healthcloud.conformance.chapters import CASES
from healthcloud.conformance.errors import CaseUnknown
from healthcloud.conformance.model import Case, Expectation, NotRun, Outcome, Verdict, Who, Words
from healthcloud.conformance.stage import Stage

PASSED = Words("符合。", "As it should be.")


def chosen_cases(ids: Collection[str]) -> tuple[Case, ...]:
    """Return these cases and all they need, in order; all cases where none is named. Raises CaseUnknown."""
    known = {one.id: one for one in CASES}
    wanted: set[str] = set()
    open_ = list(ids)
    while open_:
        one = open_.pop()
        if one not in known:
            raise CaseUnknown(case=one)
        if one not in wanted:
            wanted.add(one)
            open_ += known[one].needs
    return tuple(one for one in CASES if not ids or one.id in wanted)


async def case_outcomes(stage: Stage, cases: Collection[Case]) -> AsyncIterator[Outcome]:
    """Play cases in order, and tell of each as it ends."""
    passed: dict[str, bool] = {}
    for case in cases:
        outcome = await _outcome(stage, case, passed)
        passed[case.id] = outcome.verdict is Verdict.PASSED or (
            not outcome.applies and all(passed.get(one, False) for one in case.needs)
        )
        yield outcome


async def _outcome(stage: Stage, case: Case, passed: dict[str, bool]) -> Outcome:
    missing = [one for one in case.needs if not passed.get(one, False)]
    if stage.face not in case.faces:
        why = Words("这一接入方式没有这件事。", "There is no such thing on this face.")
        return Outcome(case, Verdict.NOT_RUN, why, Who.NOBODY, applies=False)
    if missing:
        why = Words(f"须先通过 {'、'.join(missing)}。", f"To be passed first: {', '.join(missing)}.")
        return Outcome(case, Verdict.NOT_RUN, why, Who.HOSPITAL)
    try:
        found = tuple(await case.play(stage))
    except NotRun as fault:
        return Outcome(case, Verdict.NOT_RUN, fault.why, Who.HOSPITAL)
    return judged(case, found)


def judged(case: Case, found: tuple[Expectation, ...]) -> Outcome:
    """Return the verdict: all that was expected must have been seen."""
    unmet = [one for one in found if not one.met]
    if not unmet and found:
        return Outcome(case, Verdict.PASSED, PASSED, Who.NOBODY, found)
    why = Words(
        "平台没有看到：" + "；".join(one.zh for one in unmet),
        "The city did not see: " + "; ".join(one.en for one in unmet),
    )
    return Outcome(case, Verdict.FAILED, why, Who.HOSPITAL, found)
