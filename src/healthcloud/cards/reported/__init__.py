"""Reported uses: what an institution says a card was used for, after the fact; kept apart from what the city saw."""

from healthcloud.cards.reported.actions import report_uses
from healthcloud.cards.reported.jobs import RECURRING
from healthcloud.cards.reported.model import DELIVER, MOST_REPORTS, Report, Reported, ReportOutcome, card_of_text

__all__ = ["DELIVER", "MOST_REPORTS", "RECURRING", "Report", "ReportOutcome", "Reported", "card_of_text", "report_uses"]
