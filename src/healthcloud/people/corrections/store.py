"""Statements about corrections."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction; the faces are sealed for person, correction and which of the two they are."""

    person_id: UUID
    id: UUID
    at: datetime
    version: int
    fields: list[str]
    evidence: str
    account_id: UUID
    institution_id: UUID | None
    before_sealed: bytes
    after_sealed: bytes


async def add_correction(tx: Transaction, row: CorrectionRow) -> None:
    """Keep a correction."""
    await tx.run(
        """
        INSERT INTO people.corrections
               (person_id, id, at, version, fields, evidence, account_id, institution_id, before_sealed, after_sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        row.person_id,
        row.id,
        row.at,
        row.version,
        row.fields,
        row.evidence,
        row.account_id,
        row.institution_id,
        row.before_sealed,
        row.after_sealed,
    )


async def corrections_of(read: Read, person_id: UUID) -> list[CorrectionRow]:
    """Return a person's corrections, the newest first."""
    return await read.all(
        CorrectionRow,
        """
        SELECT person_id, id, at, version, fields, evidence, account_id, institution_id, before_sealed, after_sealed
          FROM people.corrections
         WHERE person_id = $1
         ORDER BY id DESC
        """,
        person_id,
    )
