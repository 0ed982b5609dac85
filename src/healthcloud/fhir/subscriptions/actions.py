"""Making, reading and ending an institution's subscriptions (FHIR R4, 3.1.0)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from healthcloud import audit, exchange
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud.fhir import deeds
from healthcloud.fhir.errors import InstitutionNeeded, ResourceNotFound
from healthcloud.fhir.listing import Found, hold_to, listed, read_id, unmodified
from healthcloud.fhir.model import DELIVER, Ask, Reply, Resource
from healthcloud.fhir.resources import read
from healthcloud.fhir.subscriptions import store
from healthcloud.fhir.subscriptions.model import CRITERIA, Subscription, read_subscription, subscription_of
from healthcloud.fhir.subscriptions.reactions import NOTICE

outward = exchange.outward


async def search(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Search the institution's own."""
    hold_to(ask, ("_id", "criteria", "status"), ("_id",))
    own = _institution(caller)
    async with database.read() as tx:
        there = {one.id: one for one in await store.subscriptions_of(tx, own)}
    wanted = {text for value in ask.all("_id") for text in value.split(",")}
    found = [Found(one, {"_id": str(one)}) for one in there if not wanted or str(one) in wanted]

    async def write(ids: Sequence[UUID]) -> list[Resource]:
        return [subscription_of(there[one]) for one in ids]

    return Reply(200, await listed(ask, found, write))


async def read_one(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read one of the institution's own."""
    async with database.read() as tx:
        one = await _own(tx, caller, read_id(named[0]))
    return unmodified(ask, replace(_reply(ask, 200, one), location=None))


async def create(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Subscribe; an institution that has subscribed already is answered with what is there."""
    own = _institution(caller)
    sent = read("Subscription", ask.resource)

    async def act(tx: Transaction) -> Reply:
        registered = await _endpoint(tx, own)
        reason = read_subscription(sent, registered)
        one = Subscription(own, new_id(), CRITERIA, registered or "", reason, tx.clock.now(), caller.account_id)
        if await store.add_subscription(tx, one):
            await audit.record(tx, caller, deeds.SUBSCRIBED, own)
            return _reply(ask, 201, one)
        return _reply(ask, 200, (await store.subscriptions_of(tx, own))[0])

    return await database.transact(act)


async def remove(database: Database, caller: Caller, _: Ask, named: list[str]) -> Reply:
    """End a subscription (3.1.0.7)."""

    async def act(tx: Transaction) -> Reply:
        one = await _own(tx, caller, read_id(named[0]))
        await store.remove_subscription(tx, one.institution_id, one.id)
        await audit.record(tx, caller, deeds.UNSUBSCRIBED, one.institution_id)
        return Reply(204, None)

    return await database.transact(act)


async def _own(tx: Read, caller: Caller, one_id: UUID) -> Subscription:
    for one in await store.subscriptions_of(tx, _institution(caller)):
        if one.id == one_id:
            return one
    raise ResourceNotFound


async def _endpoint(tx: Read, own: UUID) -> str | None:
    """Return the registered endpoint of an institution that asks for these notices."""
    if own not in await outward.asking_for(tx, [own], NOTICE):
        return None
    return (await outward.endpoints.endpoint_of(tx, SYSTEM, own)).url


def _reply(ask: Ask, status: int, one: Subscription) -> Reply:
    location = f"{ask.base}/Subscription/{one.id}/_history/1"
    return Reply(status, subscription_of(one), "1", location, one.made_at)


def _institution(caller: Caller) -> UUID:
    caller.must(DELIVER)
    if caller.institution_id is None:
        raise InstitutionNeeded
    return caller.institution_id
