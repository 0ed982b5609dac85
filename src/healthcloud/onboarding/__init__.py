"""Onboarding: how far each institution has come on its way in, computed from what the city saw, never from its word."""

from healthcloud.onboarding.actions import RECURRING, apply, keep_report
from healthcloud.onboarding.api import policy_of, router
from healthcloud.onboarding.errors import (
    ApplicationUnreadable,
    ReportDateWrong,
    ReportOfAnother,
    ReportOfNobody,
    ReportUnknown,
    ReportUnreadable,
    ReportUntrusted,
    TrustedKeysUnreadable,
)
from healthcloud.onboarding.following import count_uses, following
from healthcloud.onboarding.model import MANAGE, PURPOSES, READ, Application, Policy, Report, System
from healthcloud.onboarding.reads import Standing, application_of, list_standings, report_file, reports_of, standing_of
from healthcloud.onboarding.rules import Point, State, Step, StepState

__all__ = [
    "MANAGE",
    "PURPOSES",
    "READ",
    "RECURRING",
    "Application",
    "ApplicationUnreadable",
    "Point",
    "Policy",
    "Report",
    "ReportDateWrong",
    "ReportOfAnother",
    "ReportOfNobody",
    "ReportUnknown",
    "ReportUnreadable",
    "ReportUntrusted",
    "Standing",
    "State",
    "Step",
    "StepState",
    "System",
    "TrustedKeysUnreadable",
    "application_of",
    "apply",
    "count_uses",
    "following",
    "keep_report",
    "list_standings",
    "policy_of",
    "report_file",
    "reports_of",
    "router",
    "standing_of",
]
