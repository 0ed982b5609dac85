"""The hosts browsers are sent back to, over HTTP, for those who admit clients."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from healthcloud import access
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.exchange.confirmations.actions import put_hosts
from healthcloud.exchange.confirmations.errors import HostsWrong
from healthcloud.exchange.confirmations.model import HOSTS, MOST_HOSTS
from healthcloud.exchange.confirmations.reads import hosts_of

router = APIRouter(prefix="/exchange/redirect-hosts", tags=["exchange"])


class HostsWish(Wish):
    """The hosts, in place of those before; none: browsers are sent nowhere."""

    hosts: list[Annotated[str, Field(min_length=1, max_length=260)]] = Field(max_length=MOST_HOSTS)


@router.get("/{client_id}", dependencies=[needs(HOSTS)], responses=problems(access.clients.NoSuchClient))
async def get_hosts(client_id: UUID, caller: CallerIn, database: DatabaseIn) -> list[str]:
    """List the hosts browsers may be sent back to for a client 回跳主机."""
    async with database.read() as read:
        return await hosts_of(read, caller, client_id)


@router.put(
    "/{client_id}",
    status_code=204,
    dependencies=[needs(HOSTS)],
    responses=problems(access.clients.NoSuchClient, HostsWrong),
)
async def put_redirect_hosts(client_id: UUID, wish: HostsWish, caller: CallerIn, database: DatabaseIn) -> None:
    """Register the hosts browsers may be sent back to for a client 登记回跳主机."""
    await database.transact(lambda tx: put_hosts(tx, caller, client_id, wish.hosts))
