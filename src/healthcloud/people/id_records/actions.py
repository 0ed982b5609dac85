"""Keeping what a card reader read, and reading it again beside the person's data unmasked."""

from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.people import deeds
from healthcloud.people.authority import must_be_theirs_or, record_for_both
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.holding import hold
from healthcloud.people.id_records import store
from healthcloud.people.id_records.model import IdRecord
from healthcloud.people.model import DOCUMENT
from healthcloud.people.seen.store import group_of

RECORD = b"id-record"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(IdRecord)


async def keep_record(tx: Transaction, caller: Caller, person_id: UUID, record: IdRecord) -> None:
    """Keep the latest reading of a person's card (scope people.register); a deed. Raises PersonNotFound, PersonGone."""
    deeds.must(caller, "people.register")
    held = await hold(tx, person_id)
    sealed = tx.vault.seal(DOCUMENT, held.id.bytes + RECORD, _ENCODER.encode(record))
    await store.put_record(tx, held.id, sealed, tx.clock.now(), caller.account_id, caller.institution_id)
    await audit.record(tx, caller, deeds.RECORD_READ, held.id)


async def remove_record(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """
    Delete what is kept of a person's card: the person, who keeps their consents, or a counter at their wish.

    Nothing kept is no fault. Raises PersonNotFound.
    """
    await must_be_theirs_or(tx, caller, person_id, GrantScope.CONSENTS, "people.register", deeds.RECORD_REMOVED)
    group = await group_of(tx, person_id)
    if await store.delete_records(tx, group):
        await record_for_both(tx, caller, deeds.RECORD_REMOVED, group[0])


async def record_of(read: Read, person_id: UUID) -> IdRecord | None:
    """Return the latest reading of a person's card, for whoever opens the person: that is the deed."""
    row = await store.newest_record(read, await group_of(read, person_id))
    if row is None:
        return None
    return _DECODER.decode(read.vault.open(DOCUMENT, row.person_id.bytes + RECORD, row.sealed))
