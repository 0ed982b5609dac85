"""Conformance: cases by scene that a hospital's system must pass, judged by what the city saw of it."""

from healthcloud.conformance.api import PURPOSES, router
from healthcloud.conformance.chapters import CASES
from healthcloud.conformance.errors import CaseUnknown
from healthcloud.conformance.model import Case, Expectation, NotRun, Outcome, Verdict
from healthcloud.conformance.report import REPORTS
from healthcloud.conformance.running import case_outcomes, chosen_cases
from healthcloud.conformance.seen import FACES, Seen, seen_of
from healthcloud.conformance.stage import Stage

__all__ = [
    "CASES",
    "FACES",
    "PURPOSES",
    "REPORTS",
    "Case",
    "CaseUnknown",
    "Expectation",
    "NotRun",
    "Outcome",
    "Seen",
    "Stage",
    "Verdict",
    "case_outcomes",
    "chosen_cases",
    "router",
    "seen_of",
]
