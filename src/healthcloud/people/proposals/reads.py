"""Whether a correction waits for a request; what it says is opened by a deed."""

from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.people import deeds
from healthcloud.people.proposals import store
from healthcloud.people.proposals.model import Proposed


async def proposed_for(read: Read, caller: Caller, person_id: UUID, request_id: UUID) -> Proposed | None:
    """Return who prepared a correction for this request, and when (scope people.correct)."""
    deeds.must(caller, "people.correct")
    row = await store.proposal(read, person_id, request_id)
    return None if row is None else Proposed(row.account_id, row.proposed_at)
