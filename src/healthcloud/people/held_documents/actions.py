"""Documents of a person who is known: taken by constraint, given back, added at a counter."""

from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.documents.model import Document, disagreement, stored_document
from healthcloud.people.errors import DocumentBelongsToAnother, IdentityConflict
from healthcloud.people.events import PersonCorrected
from healthcloud.people.held_documents import store
from healthcloud.people.held_documents.store import StoredDocument
from healthcloud.people.holding import Held, hold
from healthcloud.people.identities import store as identities
from healthcloud.people.identities.model import Owner, claims_of, fingerprints_of
from healthcloud.people.model import DOCUMENT, FACE, Level, PersonKind, Sex
from healthcloud.people.seen import store as faces
from healthcloud.people.seen.model import pack


def number_of(tx: Transaction, stored: StoredDocument) -> str:
    """Open a stored document's number."""
    return tx.vault.open(DOCUMENT, stored.person_id.bytes + stored.id.bytes, stored.number_sealed).decode()


def key_of(tx: Transaction, stored: StoredDocument) -> str:
    """Return the key a stored document was registered under."""
    return stored_document(stored.kind, number_of(tx, stored), stored.issuer).key


async def take(tx: Transaction, caller: Caller, deed: str, person_id: UUID, document: Document) -> tuple[UUID, bool]:
    """
    Make a document a person's; return its id, and whether they did not have it before.

    Raises DocumentBelongsToAnother, and keeps the refusal of `deed` for its owner.
    """
    document_id = new_id()
    claims = sorted(claims_of(tx.vault, document.key, person_id, document_id), key=lambda claim: claim.fingerprint)
    free = set(await identities.claim(tx, claims))
    if len(free) == len(claims):
        return document_id, True
    found = await identities.owners(tx, [claim.fingerprint for claim in claims if claim.fingerprint not in free])
    owner = await _own(tx, caller, deed, person_id, found)
    # Known under another live key only: the rotation's job would do this, here it is done already.
    theirs = claims_of(tx.vault, document.key, owner.person_id, owner.document_id)
    await identities.hand_over(tx, [claim for claim in theirs if claim.fingerprint in free])
    return owner.document_id or document_id, False


async def _own(tx: Transaction, caller: Caller, deed: str, person_id: UUID, found: list[Owner]) -> Owner:
    for owner in found:
        canonical = await faces.canonical_of(tx, owner.person_id)
        if canonical == person_id:
            return owner
        if canonical is not None:
            audit.refuse(tx, caller, deed, canonical, reason=DocumentBelongsToAnother.code)
    raise DocumentBelongsToAnother


async def give_back(tx: Transaction, stored: StoredDocument) -> None:
    """Have a document find its person no more."""
    await identities.release(tx, fingerprints_of(tx.vault, key_of(tx, stored)))


def sealed(tx: Transaction, person_id: UUID, document_id: UUID, document: Document, *, primary: bool) -> StoredDocument:
    """Return a document as it is stored."""
    number = tx.vault.seal(DOCUMENT, person_id.bytes + document_id.bytes, document.number.encode())
    return StoredDocument(
        person_id,
        document_id,
        document.kind,
        document.issuer,
        number,
        document.valid_from,
        document.valid_to,
        primary,
        "live",
    )


async def add_document(tx: Transaction, caller: Caller, person_id: UUID, document: Document) -> None:
    """
    Add a document that was seen at a counter (scope people.register).

    The first document of a child without one makes it an ordinary person; their id stays. Raises
    DocumentBelongsToAnother, or IdentityConflict where the number says another sex or birth date.
    """
    deeds.must(caller, "people.register")
    held = await hold(tx, person_id)
    if disagreement(document, Sex(held.face.sex), held.face.birth_date):
        audit.refuse(tx, caller, deeds.DOCUMENT_ADDED, held.id, reason=IdentityConflict.code)
        raise IdentityConflict
    document_id, is_new = await take(tx, caller, deeds.DOCUMENT_ADDED, held.id, document)
    if not is_new:
        return
    first = not held.face.document_number
    stored = sealed(tx, held.id, document_id, document, primary=first)
    await store.add_document(tx, stored, tx.clock.now(), caller.institution_id)
    version = await _show(tx, held, document) if first else held.row.version
    level = max(held.row.level, Level.FACE_TO_FACE) if first else held.row.level
    detail: audit.Detail = {"kind": document.kind, "level": int(level), "before": held.row.level}
    await audit.record(tx, caller, deeds.DOCUMENT_ADDED, held.id, detail=detail)
    if first:
        await tx.announce(PersonCorrected(held.id, "document", version))


async def _show(tx: Transaction, held: Held, document: Document) -> int:
    face = msgspec.structs.replace(
        held.face,
        document_kind=document.kind,
        document_number=document.number,
        document_issuer=document.issuer,
        sex=document.resident.sex if document.resident else held.face.sex,
    )
    value = tx.vault.seal(FACE, held.id.bytes, pack(face))
    level = max(held.row.level, Level.FACE_TO_FACE)
    return await persons.replace_face(tx, held.id, value, level, PersonKind.ORDINARY) or held.row.version
