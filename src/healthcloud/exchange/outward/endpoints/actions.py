"""Giving an institution's system its address and keys; each takes effect with its COMMIT."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from uuid import UUID

from healthcloud import audit, institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.exchange.outward.deeds import ENDPOINT_KEY_MADE, ENDPOINT_KEY_USED, ENDPOINT_REMOVED, ENDPOINT_SET
from healthcloud.exchange.outward.endpoints import store
from healthcloud.exchange.outward.endpoints.model import EndpointWish, Terms, secret_row, wish_faults
from healthcloud.exchange.outward.errors import EndpointUnknown, EndpointWrong, NoNextKey
from healthcloud.exchange.outward.purposes import SECRET
from healthcloud.exchange.outward.rights import may_give_keys

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class EndpointKey:
    """A key for the institution to know us by, its secret (base64) shown once; None where the old one stays."""

    institution_id: UUID
    key_id: UUID | None
    secret: str | None = field(repr=False)


async def put_endpoint(
    tx: Transaction, caller: Caller, institution_id: UUID, wish: EndpointWish, terms: Terms
) -> EndpointKey:
    """
    Enter or change an institution's address (scope access.manage-clients); its first key comes with the first entry.

    Raises EndpointWrong, InstitutionUnknown.
    """
    may_give_keys(caller)
    faults = wish_faults(wish, terms)
    if faults:
        raise EndpointWrong(faults=faults)
    await institutions.institution(tx, institution_id)
    key_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
    sealed = tx.vault.seal(SECRET, secret_row(institution_id, key_id), secret)
    is_new = await store.add_endpoint(tx, institution_id, wish, (key_id, sealed))
    if not is_new:
        await store.change_endpoint(tx, institution_id, wish, tx.clock.now())
    detail: audit.Detail = {"kinds": " ".join(sorted(wish.kinds)), "open": wish.is_open, "first": bool(is_new)}
    await audit.record(tx, caller, ENDPOINT_SET, institution_id, detail=detail)
    if not is_new:
        return EndpointKey(institution_id, None, None)
    return EndpointKey(institution_id, key_id, b64encode(secret).decode())


async def renew_key(tx: Transaction, caller: Caller, institution_id: UUID) -> EndpointKey:
    """Make the next key, for the institution to enter beside the one in use; one made before is worthless."""
    may_give_keys(caller)
    key_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
    sealed = tx.vault.seal(SECRET, secret_row(institution_id, key_id), secret)
    if not await store.set_next_key(tx, institution_id, key_id, sealed, tx.clock.now()):
        raise EndpointUnknown
    await audit.record(tx, caller, ENDPOINT_KEY_MADE, institution_id, detail={"key": str(key_id)})
    return EndpointKey(institution_id, key_id, b64encode(secret).decode())


async def use_next_key(tx: Transaction, caller: Caller, institution_id: UUID) -> UUID:
    """Sign with the next key from now on; return its id. Raises EndpointUnknown, NoNextKey."""
    may_give_keys(caller)
    if await store.endpoint(tx, institution_id) is None:
        raise EndpointUnknown
    used = await store.use_next_key(tx, institution_id, tx.clock.now())
    if used is None:
        raise NoNextKey
    await audit.record(tx, caller, ENDPOINT_KEY_USED, institution_id, detail={"key": str(used)})
    return used


async def remove_endpoint(tx: Transaction, caller: Caller, institution_id: UUID) -> None:
    """Send nothing more to an institution; what waits stays until it has an address again, or its time is over."""
    may_give_keys(caller)
    if not await store.remove_endpoint(tx, institution_id):
        raise EndpointUnknown
    await audit.record(tx, caller, ENDPOINT_REMOVED, institution_id)
