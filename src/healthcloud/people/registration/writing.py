"""What a decided registration writes: values sealed for the rows they will stand in."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud.core.crypto import Vault
from healthcloud.core.ids import new_id
from healthcloud.people.documents.model import Document
from healthcloud.people.model import DOCUMENT, FACE, PHONE, Level, PersonKind
from healthcloud.people.registration.claims import Case
from healthcloud.people.registration.decisions import Fresh, Same
from healthcloud.people.registration.joining import Given
from healthcloud.people.registration.model import Verification
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
        number = decision.case.registration.local_number
        if number in given.numbers and number is not None:
            person_id = decision.case.person_id if isinstance(decision, Fresh) else decision.person.person_id
            rows.numbers.append(NumberRow(person_id, new_id(), number))
    return rows


def _add_fresh(vault: Vault, rows: NewRows, case: Case) -> None:
    registration, person_id = case.registration, case.person_id
    sealed = vault.seal(FACE, person_id.bytes, pack(registration.face()))
    level = case.wish.verification.level
    rows.persons.append(PersonRow(person_id, registration.kind, level, sealed))
    for place, (document_id, document) in enumerate(zip(case.document_ids, registration.documents, strict=True)):
        rows.documents.append(document_row(vault, person_id, document_id, document, is_primary=place == 0))
    if registration.phone:
        rows.contacts.append(contact_row(vault, person_id, registration.phone))
    if level > Level.DECLARED:
        rows.verifications.append(_verification_row(person_id, case.wish.verification))
    _add_birth(rows, person_id, case)


def _add_same(vault: Vault, rows: NewRows, same: Same) -> None:
    case, person_id = same.case, same.person.person_id
    had_none = not same.person.face.document_number
    for place in same.new_documents:
        document = case.registration.documents[place]
        primary = had_none and place == 0
        rows.documents.append(document_row(vault, person_id, case.document_ids[place], document, is_primary=primary))
    if same.new_phone:
        rows.contacts.append(contact_row(vault, person_id, same.new_phone))
    if same.level > same.person.level:
        rows.verifications.append(_verification_row(person_id, case.wish.verification))
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
    )


def contact_row(vault: Vault, person_id: UUID, phone: str) -> ContactRow:
    """Return a phone number's row, sealed for it."""
    contact_id = new_id()
    return ContactRow(person_id, contact_id, vault.seal(PHONE, person_id.bytes + contact_id.bytes, phone.encode()))


def _verification_row(person_id: UUID, verification: Verification) -> VerificationRow:
    return VerificationRow(person_id, new_id(), verification.level, verification.method, verification.evidence)


def _add_birth(rows: NewRows, person_id: UUID, case: Case) -> None:
    birth, mother = case.registration.birth, case.mother
    if birth is not None and mother is not None:
        rows.newborns.append(
            NewbornRow(person_id, mother.canonical_id, birth.born_at, birth.day, birth.of_several, birth.order)
        )
