"""What the citizen sees of a confirmation, and which hosts a client has."""

from uuid import UUID

from healthcloud import access
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.exchange.confirmations import store
from healthcloud.exchange.confirmations.actions import is_linked, shown_of
from healthcloud.exchange.confirmations.errors import ConfirmationUnknown
from healthcloud.exchange.confirmations.model import Shown, read_token


async def shown(read: Read, token: str) -> Shown:
    """Return the confirmation of a page's address; raise ConfirmationUnknown. Whose it is the caller compares."""
    told = read_token(token)
    row = None if told is None else await store.confirmation(read, told[0])
    if row is None or not is_linked(read.vault, row, token):
        raise ConfirmationUnknown
    return shown_of(read, row)


async def hosts_of(read: Read, caller: Caller, client_id: UUID) -> list[str]:
    """Return the hosts registered for a client (scope access.manage-clients); raise NoSuchClient."""
    await access.clients.client_of(read, caller, client_id)
    return await store.hosts(read, client_id)
