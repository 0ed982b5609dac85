"""What a decided registration writes: values sealed for the rows they will stand in."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud.core.crypto import Vault
from healthcloud.core.ids import new_id
from healthcloud.people.documents.model import Document
from healthcloud.people.model import DOCUMENT, FACE, PHONE, Level, PersonKind
from healthcloud.people.registration.claims import Case
from healthcloud.people.registration.decisions import Fresh, Same
from healthcloud.people.registration.joining import Given, person_of
from healthcloud.people.registration.rows import (
    ContactRow,
    DocumentRow,
    NewbornRow,
    NewRows,
    NumberRow,
    PersonRow,
    Update,
    VerificationRow,
)
from healthcloud.people.seen.model import pack


def rows_of(vault: Vault, decisions: Sequence[Fresh | Same], given: Given) -> NewRows:
    """Return every row these decisions add."""
    rows = NewRows()
    for decision in decisions:
        if isinstance(decision, Fresh):
            _add_fresh(vault, rows, decision.case)
        else:
            _add_same(vault, rows, decision)
        number = decision.case.local_number
        if number is not None and number in given.numbers:
            rows.numbers.append(NumberRow(person_of(decision), new_id(), *number, decision.case.caller.account_id))
    return rows


def _add_fresh(vault: Vault, rows: NewRows, case: Case) -> None:
    registration, person_id, institution_id = case.registration, case.person_id, case.caller.institution_id
    sealed = vault.seal(FACE, person_id.bytes, pack(registration.face()))
    level = case.wish.verification.level
    rows.persons.append(PersonRow(person_id, registration.kind, level, sealed, institution_id))
    for place, (document_id, document) in enumerate(zip(case.document_ids, registration.documents, strict=True)):
        row = document_row(vault, person_id, document_id, document, is_primary=place == 0)
        rows.documents.append(row._replace(institution_id=institution_id))
    if registration.phone:
        rows.contacts.append(_contact_row(vault, person_id, registration.phone, institution_id))
    if level > Level.DECLARED:
        rows.verifications.append(_verification_row(person_id, case))
    _add_birth(rows, person_id, case)


def _add_same(vault: Vault, rows: NewRows, same: Same) -> None:
    case, person_id = same.case, same.person.person_id
    had_none = not same.person.face.document_number
    for place in same.new_documents:
        document = case.registration.documents[place]
        primary = had_none and place == 0
        row = document_row(vault, person_id, case.document_ids[place], document, is_primary=primary)
        rows.documents.append(row._replace(institution_id=case.caller.institution_id))
    if same.new_phone:
        rows.contacts.append(_contact_row(vault, person_id, same.new_phone, case.caller.institution_id))
    if same.level > same.person.level:
        rows.verifications.append(_verification_row(person_id, case))
    if any(claim.document_id is None for claim in same.handed_over):
        _add_birth(rows, person_id, case)


def update_of(vault: Vault, same: Same) -> Update:
    """Return the new row of a known person."""
    person, face = same.person, same.face
    kind = PersonKind.ORDINARY if face.document_number else PersonKind.CHILD_WITHOUT_DOCUMENT
    sealed = vault.seal(FACE, person.person_id.bytes, pack(face))
    return Update(person.person_id, person.version, sealed, same.level, kind)


def document_row(
    vault: Vault, person_id: UUID, document_id: UUID, document: Document, *, is_primary: bool
) -> DocumentRow:
    """Return a document's row, its number sealed for it."""
    sealed = vault.seal(DOCUMENT, person_id.bytes + document_id.bytes, document.number.encode())
    return DocumentRow(
        person_id,
        document_id,
        document.kind,
        sealed,
        document.issuer,
        document.valid_from,
        document.valid_to,
        is_primary,
        None,
    )


def _contact_row(vault: Vault, person_id: UUID, phone: str, institution_id: UUID | None) -> ContactRow:
    contact_id = new_id()
    sealed = vault.seal(PHONE, person_id.bytes + contact_id.bytes, phone.encode())
    return ContactRow(person_id, contact_id, sealed, institution_id)


def _verification_row(person_id: UUID, case: Case) -> VerificationRow:
    done, caller = case.wish.verification, case.caller
    return VerificationRow(
        person_id, new_id(), done.level, done.method, done.evidence, caller.account_id, caller.institution_id
    )


def _add_birth(rows: NewRows, person_id: UUID, case: Case) -> None:
    birth, mother = case.registration.birth, case.mother
    if birth is not None and mother is not None:
        rows.newborns.append(
            NewbornRow(person_id, mother.canonical_id, birth.born_at, birth.day, birth.of_several, birth.order)
        )
