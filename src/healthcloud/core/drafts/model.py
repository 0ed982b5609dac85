"""How a draft is sealed, and how long it lives."""

from datetime import timedelta
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use

SEAL = "core.draft"
PURPOSES = (Purpose(SEAL, Use.SEAL),)
KEPT_FOR = timedelta(hours=2)


def row_of(caller_id: UUID, draft_id: UUID, form: str) -> bytes:
    """Return what a sealed draft is bound to: its owner, itself and the form it was filled in on."""
    return caller_id.bytes + draft_id.bytes + form.encode()
