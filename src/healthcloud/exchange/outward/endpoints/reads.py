"""Looking at addresses of institutions; no secret leaves."""

from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.exchange.outward.endpoints import store
from healthcloud.exchange.outward.endpoints.model import Endpoint
from healthcloud.exchange.outward.errors import EndpointUnknown
from healthcloud.exchange.outward.rights import may_look

FIRST = UUID(int=0)
MAX_PAGE = 200


async def endpoints(read: Read, caller: Caller, *, after: UUID = FIRST, limit: int = MAX_PAGE) -> list[Endpoint]:
    """Return addresses by institution; the next page starts after the last one's institution."""
    may_look(caller)
    return await store.endpoints_after(read, after, min(limit, MAX_PAGE + 1))


async def endpoint_of(read: Read, caller: Caller, institution_id: UUID) -> Endpoint:
    """Return an institution's address; raise EndpointUnknown."""
    may_look(caller)
    found = await store.endpoint(read, institution_id)
    if found is None:
        raise EndpointUnknown
    return found
