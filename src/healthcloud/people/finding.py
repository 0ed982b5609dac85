"""Finding somebody by a document, for those who may; a miss and a refusal look alike."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.people import deeds
from healthcloud.people.documents.form import DocumentForm, read_form_document
from healthcloud.people.documents.model import Document
from healthcloud.people.errors import PersonNotFound
from healthcloud.people.identities import store as identities
from healthcloud.people.identities.model import fingerprints_of
from healthcloud.people.model import Broken, Level, PersonState
from healthcloud.people.names.model import normalise_name, same_name
from healthcloud.people.reading import FormReader, read_evidence
from healthcloud.people.seen.model import MaskedFace, Seen, masked
from healthcloud.people.seen.reads import faces


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found by a document, masked."""

    person_id: UUID
    face: MaskedFace
    state: PersonState
    level: Level
    local_number: str | None


async def find_by_document(tx: Transaction, caller: Caller, form: DocumentForm) -> Found:
    """
    Find somebody by a document's number (scope people.register or people.open), a deed they can read.

    Raises Unacceptable, PersonNotFound.
    """
    if "people.open" not in caller.scopes:
        deeds.must(caller, "people.register")
    seen = await holder(tx, caller, _document(tx, form))
    if seen is None:
        raise PersonNotFound
    await audit.record(tx, caller, deeds.LOOKED_UP, seen.canonical_id)
    return Found(seen.canonical_id, masked(seen.face), seen.state, seen.level, seen.local_number)


async def subject_of_document(tx: Transaction, caller: Caller, form: DocumentForm, reason: str) -> UUID:
    """
    Return whom the deeds about a document's holder name (scope audit.read): an id only, nobody's data.

    A deed with the reason that the person can read. Raises Unacceptable, PersonNotFound.
    """
    caller.must("audit.read")
    told = read_evidence(reason, "reason")
    seen = await holder(tx, caller, _document(tx, form))
    if seen is None:
        raise PersonNotFound
    await audit.record(tx, caller, deeds.LOOKED_UP, seen.canonical_id, reason=told)
    return seen.canonical_id


async def holder(tx: Transaction, caller: Caller, document: Document) -> Seen | None:
    """Return whose a document is, resolved; None for nobody and for a registration that was withdrawn."""
    owners = await identities.owners(tx, fingerprints_of(tx.vault, document.key))
    seen = await faces(tx, caller.institution_id, {owner.person_id for owner in owners})
    return next((one for one in seen.values() if one.state is not PersonState.WITHDRAWN), None)


async def named_holder(tx: Transaction, caller: Caller, deed: str, name: str, form: DocumentForm) -> UUID:
    """Return whose a document is if the name fits too; else keep the refusal for them and raise PersonNotFound."""
    seen = await holder(tx, caller, _document(tx, form))
    try:
        told = normalise_name(name)
    except Broken:
        told = ""
    if seen is None:
        raise PersonNotFound
    if not same_name(seen.face.name, told):
        audit.refuse(tx, caller, deed, seen.canonical_id, reason=PersonNotFound.code)
        raise PersonNotFound
    return seen.canonical_id


def _document(tx: Transaction, form: DocumentForm) -> Document:
    reader = FormReader()
    today = tx.clock.now().astimezone(SHANGHAI).date()
    document = read_form_document(reader, "document", form, today)
    if document is None:
        raise Unacceptable(faults=tuple(reader.faults))
    return document
