"""Setting right what is registered of a person."""

from dataclasses import replace
from uuid import UUID

from healthcloud import audit
from healthcloud.core.background import enqueue
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.corrections import store
from healthcloud.people.corrections.model import CorrectionForm, read_correction
from healthcloud.people.corrections.store import CorrectionRow
from healthcloud.people.documents.model import Document
from healthcloud.people.errors import PersonChanged, PersonNotFound
from healthcloud.people.events import PersonCorrected
from healthcloud.people.held_documents import actions as documents
from healthcloud.people.held_documents import store as document_rows
from healthcloud.people.holding import Held, hold
from healthcloud.people.model import FACE, HISTORY, Level, PersonKind
from healthcloud.people.reading import read_evidence
from healthcloud.people.registration.actions import RECHECK
from healthcloud.people.seen.model import Face, pack

IDENTITY = frozenset({"name", "sex", "birth_date", "document_kind", "document_number", "document_issuer"})
BEFORE, AFTER = b"before", b"after"


async def correct(tx: Transaction, caller: Caller, person_id: UUID, form: CorrectionForm) -> int:
    """
    Correct a person's name, number, sex, birth date, ethnicity or nationality; return the new version.

    Scope people.correct. The clerk saw evidence, so the level becomes face to face, and the population registry is
    asked again. Raises Unacceptable, NothingToCorrect, PersonChanged, DocumentBelongsToAnother, PersonNotFound.
    """
    deeds.must(caller, "people.correct")
    evidence = read_evidence(form.evidence)
    held = await hold(tx, person_id)
    if form.version is not None and form.version != held.row.version:
        raise PersonChanged
    correction = read_correction(form, held.face, tx.clock.now().astimezone(SHANGHAI).date())
    if correction.document:
        await _replace_primary(tx, caller, held, correction.document, mistyped=form.mistyped)
    level = Level.FACE_TO_FACE if IDENTITY & set(correction.fields) else held.row.level
    version = await write_face(tx, held, correction.face, level)
    row = history_row(tx, caller, held, correction.face, version)
    await store.add_correction(tx, replace(row, fields=list(correction.fields), evidence=evidence))
    fields = ",".join(correction.fields)
    levels: dict[str, int] = {"level": int(level), "before": held.row.level}
    detail: audit.Detail = {"fields": fields, "version": version, **levels}
    await audit.record(tx, caller, deeds.CORRECTED, held.id, detail=detail)
    await tx.announce(PersonCorrected(held.id, fields, version))
    if IDENTITY & set(correction.fields):
        await enqueue(tx, RECHECK, {"person_id": str(held.id)})
    return version


async def write_face(tx: Transaction, held: Held, face: Face, level: int) -> int:
    """Write a held person's new face; return the new version."""
    kind = PersonKind.ORDINARY if face.document_number else PersonKind.CHILD_WITHOUT_DOCUMENT
    sealed = tx.vault.seal(FACE, held.id.bytes, pack(face))
    version = await persons.replace_face(tx, held.id, sealed, level, kind)
    if version is None:
        raise PersonNotFound
    return version


def history_row(tx: Transaction, caller: Caller, held: Held, face: Face, version: int) -> CorrectionRow:
    """Return the line of history: both faces sealed for it."""
    correction_id = new_id()
    row = held.id.bytes + correction_id.bytes
    return CorrectionRow(
        person_id=held.id,
        id=correction_id,
        at=tx.clock.now(),
        version=version,
        fields=[],
        evidence="",
        account_id=caller.account_id,
        institution_id=caller.institution_id,
        before_sealed=tx.vault.seal(HISTORY, row + BEFORE, pack(held.face)),
        after_sealed=tx.vault.seal(HISTORY, row + AFTER, pack(face)),
    )


async def _replace_primary(tx: Transaction, caller: Caller, held: Held, document: Document, *, mistyped: bool) -> None:
    stored = await document_rows.documents_of(tx, [held.id])
    old = next((one for one in stored if one.is_primary), None)
    if old is not None and documents.key_of(tx, old) == document.key:
        return  # the same number on another kind of paper: only the face changes
    document_id, is_new = await documents.take(tx, caller, deeds.CORRECTED, held.id, document)
    if old is not None:
        await document_rows.put_aside(tx, held.id, old.id, "released" if mistyped else "former")
        if mistyped:
            await documents.give_back(tx, old)
    if is_new:
        row = documents.sealed(tx, held.id, document_id, document, primary=True)
        await document_rows.add_document(tx, row, tx.clock.now(), caller.institution_id)
    else:
        await document_rows.make_primary(tx, held.id, document_id)
