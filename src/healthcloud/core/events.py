"""
What features announce to whoever sits above them.

An event is a frozen dataclass of opaque ids and dates, never a name or a number of a person. `tx.announce(event)`
writes it to the outbox in the same transaction; `server/wiring.py` says who reacts, on one page.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from healthcloud.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened; `kind` is its stable name, `feature.what-happened`."""

    kind: ClassVar[str]


def outbox_row(event: Event, at: datetime) -> tuple[UUID, str, dict[str, Any], datetime]:
    """Return the event as the columns of `core.outbox`: id, kind, body, at."""
    body = {f.name: msgspec.to_builtins(getattr(event, f.name)) for f in fields(event)}
    return new_id(), event.kind, body, at
