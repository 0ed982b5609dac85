"""Copying prepared residents into the tables."""

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.loading import store
from healthcloud.people.loading.model import CONTACTS, DOCUMENTS, INDEX, PERSONS, ResidentRows


async def load_residents(tx: Transaction, caller: Caller, rows: ResidentRows) -> None:
    """
    Copy a chunk of residents (the system alone), one deed for all of them; who is there already breaks the whole chunk.

    Nobody is announced: whoever loads residents does for them what reactions would. Nor is anybody verified one by one:
    their level is the load's word, and what asks for a verification of late finds none.
    """
    if not deeds.is_system(caller):
        raise Forbidden
    await tx.copy("people", "document_index", INDEX, rows.index)
    await tx.copy("people", "persons", PERSONS, rows.persons)
    await tx.copy("people", "documents", DOCUMENTS, rows.documents)
    await tx.copy("people", "contacts", CONTACTS, rows.contacts)
    if rows.phones:
        fingerprints, key_numbers, person_ids = (list(column) for column in zip(*rows.phones, strict=True))
        await store.add_phones(tx, fingerprints, key_numbers, person_ids)
    await audit.record(tx, caller, deeds.LOADED, new_id(), detail={"count": len(rows.persons), "level": rows.level})
