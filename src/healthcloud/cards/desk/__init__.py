"""A desk's own last scans: what its page shows beside the scan line, taken or refused, for half a day."""

from healthcloud.cards.desk.actions import holders_of, keep_scan, last_scans
from healthcloud.cards.desk.model import DeskLine
from healthcloud.cards.verification.errors import TerminalUnbound

__all__ = ["DeskLine", "TerminalUnbound", "holders_of", "keep_scan", "last_scans"]
