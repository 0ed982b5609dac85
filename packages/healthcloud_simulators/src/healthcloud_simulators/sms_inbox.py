"""What the SMS simulator has received: newest kept, each reference once."""

import json
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """One text as it would reach a phone."""

    reference: str
    phone: str
    text: str
    received_at: str  # ISO 8601, UTC


class SmsInbox:
    """Messages by reference, at most 10,000, in memory and, if asked for, in a JSON-lines file read again at start."""

    def __init__(self, file: Path | None = None) -> None:
        self._messages: OrderedDict[str, SmsMessage] = OrderedDict()
        self._file = file
        if file is not None and file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                self._keep(SmsMessage(**json.loads(line)))

    def take(self, reference: str, phone: str, text: str) -> tuple[SmsMessage, bool]:
        """Keep a message and return it with True, or return the one this reference has already, with False."""
        known = self._messages.get(reference)
        if known is not None:
            return known, False
        message = SmsMessage(reference, phone, text, datetime.now(UTC).isoformat(timespec="milliseconds"))
        self._keep(message)
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(message), ensure_ascii=False) + "\n")
        return message, True

    def newest(self, phone: str | None = None, limit: int = 200) -> list[SmsMessage]:
        """Return the newest messages first, of one phone if asked."""
        found = [m for m in reversed(self._messages.values()) if phone is None or m.phone == phone]
        return found[:limit]

    def _keep(self, message: SmsMessage) -> None:
        self._messages[message.reference] = message
        if len(self._messages) > KEPT:
            self._messages.popitem(last=False)
