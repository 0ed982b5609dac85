"""Finding people by the phone number they gave."""

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.people import deeds
from healthcloud.people.contacts import store
from healthcloud.people.contacts.actions import read_phone
from healthcloud.people.finding import Found
from healthcloud.people.model import PHONE_INDEX, PersonState
from healthcloud.people.seen.model import masked
from healthcloud.people.seen.reads import faces


async def find_by_phone(tx: Transaction, caller: Caller, phone: str) -> list[Found]:
    """Find who uses a phone number (scope people.open), a deed each of them can read; raise Unacceptable."""
    deeds.must(caller, "people.open")
    fingerprints = list(tx.vault.fingerprints(PHONE_INDEX, read_phone(phone)))
    seen = await faces(tx, caller.institution_id, await store.persons_of_phone(tx, fingerprints))
    found = {one.canonical_id: one for one in seen.values() if one.state is not PersonState.WITHDRAWN}
    await audit.record_many(tx, caller, [audit.Entry(deeds.LOOKED_UP, one) for one in found])
    return [Found(one.canonical_id, masked(one.face), one.state, one.level, one.local_number) for one in found.values()]
