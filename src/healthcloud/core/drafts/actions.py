"""Keeping a draft, and finding it again."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read, Transaction
from healthcloud.core.drafts import store
from healthcloud.core.drafts.model import KEPT_FOR, SEAL, row_of
from healthcloud.core.errors import Unauthenticated
from healthcloud.core.ids import new_id

_FORGET_AT_ONCE = 5000


async def keep_draft(tx: Transaction, caller: Caller, form: str, fields: Mapping[str, str]) -> UUID:
    """
    Keep what was filled in on a form (its path, without anybody's data); return the draft's id, which tells nothing.

    A draft never changes: what is written anew is another draft. Guests share no identity: Unauthenticated.
    """
    if caller.kind is CallerKind.GUEST:
        raise Unauthenticated
    draft_id = new_id()
    sealed = tx.vault.seal(SEAL, row_of(caller.account_id, draft_id, form), msgspec.json.encode(dict(fields)))
    await store.add_draft(tx, caller.account_id, draft_id, form, sealed, tx.clock.now() + KEPT_FOR)
    return draft_id


async def draft(read: Read, caller: Caller, form: str, draft_id: UUID) -> dict[str, str] | None:
    """Return what this caller filled in; None for nobody's, somebody else's, another form's and what is over."""
    sealed = await store.sealed_draft(read, caller.account_id, draft_id, form, read.clock.now())
    if sealed is None:
        return None
    plain = read.vault.open(SEAL, row_of(caller.account_id, draft_id, form), sealed)
    return msgspec.json.decode(plain, type=dict[str, str])


async def forget_expired_drafts(tx: Transaction) -> int:
    """Delete drafts that are over, some thousands at a time; return how many, to be called again until 0."""
    return await store.forget(tx, tx.clock.now(), _FORGET_AT_ONCE)
