"""A desk's own last scans: what its page shows beside the scan line, taken or refused, for half a day."""

from healthcloud.cards.desk.actions import keep_scan, last_scans
from healthcloud.cards.desk.model import DeskLine

__all__ = ["DeskLine", "keep_scan", "last_scans"]
