"""Statements about the documents a person has and had."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document that finds its person; its number is sealed for person and document."""

    person_id: UUID
    id: UUID
    kind: str
    issuer: str | None
    number_sealed: bytes
    valid_from: date | None
    valid_to: date | None
    is_primary: bool
    state: str


async def documents_of(read: Read, person_ids: list[UUID]) -> list[StoredDocument]:
    """Return the documents by which these persons are found, the primary one first, then in their order."""
    return await read.all(
        StoredDocument,
        """
        SELECT person_id, id, kind, issuer, number_sealed, valid_from, valid_to, is_primary, state
          FROM people.documents
         WHERE person_id = ANY ($1::uuid[]) AND state <> 'released'
         ORDER BY is_primary DESC, id
        """,
        person_ids,
    )


async def put_aside(tx: Transaction, person_id: UUID, document_id: UUID, state: str) -> None:
    """Make a document former or released, and no longer the primary one."""
    await tx.run(
        "UPDATE people.documents SET state = $3, is_primary = false WHERE person_id = $1 AND id = $2",
        person_id,
        document_id,
        state,
    )


async def release_all(tx: Transaction, person_id: UUID) -> None:
    """Have none of a person's documents find them any more."""
    await tx.run(
        "UPDATE people.documents SET state = 'released', is_primary = false WHERE person_id = $1",
        person_id,
    )


async def add_document(
    tx: Transaction, document: StoredDocument, added_at: datetime, institution_id: UUID | None
) -> None:
    """Write one more document of a person."""
    await tx.run(
        """
        INSERT INTO people.documents
               (person_id, id, kind, number_sealed, issuer, valid_from, valid_to, is_primary, state, added_at,
                institution_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        document.person_id,
        document.id,
        document.kind,
        document.number_sealed,
        document.issuer,
        document.valid_from,
        document.valid_to,
        document.is_primary,
        document.state,
        added_at,
        institution_id,
    )


async def make_primary(tx: Transaction, person_id: UUID, document_id: UUID) -> None:
    """Make one of a person's documents the primary one again; the former primary one was put aside before."""
    await tx.run(
        "UPDATE people.documents SET is_primary = true, state = 'live' WHERE person_id = $1 AND id = $2",
        person_id,
        document_id,
    )
