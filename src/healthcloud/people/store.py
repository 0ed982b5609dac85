"""The statements about one person's own row that several subjects share."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as stored."""

    id: UUID
    canonical_id: UUID
    grouped: bool
    state: str
    kind: int
    level: int
    version: int
    died_on: date | None
    face_sealed: bytes
    created_at: datetime
    institution_id: UUID | None


@dataclass(frozen=True, slots=True)
class Newborn:
    """The birth somebody was registered by: the mother as she was known then, the day, the place among several."""

    mother_id: UUID
    birth_date: date
    birth_order: int


@dataclass(frozen=True, slots=True)
class VerificationLine:
    """One check of who somebody is: `outcome` is passed, mismatch, unknown or deceased."""

    id: UUID
    level: int
    method: str
    outcome: str
    at: datetime
    evidence: str | None = None


async def person(read: Read, person_id: UUID) -> PersonRow | None:
    """Return a person's own row, merged or not."""
    return await read.one(
        PersonRow,
        """
        SELECT id, canonical_id, grouped, state, kind, level, version, died_on, face_sealed, created_at, institution_id
          FROM people.persons
         WHERE id = $1
        """,
        person_id,
    )


async def lock_person(tx: Transaction, person_id: UUID) -> PersonRow | None:
    """Return a person's own row and keep it from changing until this transaction ends."""
    return await tx.one(
        PersonRow,
        """
        SELECT id, canonical_id, grouped, state, kind, level, version, died_on, face_sealed, created_at, institution_id
          FROM people.persons
         WHERE id = $1
           FOR NO KEY UPDATE
        """,
        person_id,
    )


async def replace_face(tx: Transaction, person_id: UUID, face_sealed: bytes, level: int, kind: int) -> int | None:
    """Write a new face, level and kind; return the new version."""
    return await tx.value(
        int,
        """
        UPDATE people.persons
           SET face_sealed = $2, level = $3, kind = $4, version = version + 1
         WHERE id = $1
        RETURNING version
        """,
        person_id,
        face_sealed,
        level,
        kind,
    )


async def raise_level(tx: Transaction, person_id: UUID, version: int, level: int) -> int:
    """Raise the level of a person still at this version; return how many were."""
    return await tx.run(
        "UPDATE people.persons SET level = greatest(level, $3) WHERE id = $1 AND version = $2",
        person_id,
        version,
        level,
    )


async def set_state(tx: Transaction, person_id: UUID, state: str, died_on: date | None) -> None:
    """Write a person's state; the day of death goes with it."""
    await tx.run("UPDATE people.persons SET state = $2, died_on = $3 WHERE id = $1", person_id, state, died_on)


async def add_verification(
    tx: Transaction, person_id: UUID, verification: VerificationLine, account_id: UUID, institution_id: UUID | None
) -> None:
    """Write what came of a check."""
    await tx.run(
        """
        INSERT INTO people.verifications
               (person_id, id, level, method, outcome, at, evidence, account_id, institution_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        person_id,
        verification.id,
        verification.level,
        verification.method,
        verification.outcome,
        verification.at,
        verification.evidence,
        account_id,
        institution_id,
    )


async def newborn(read: Read, person_id: UUID) -> Newborn | None:
    """Return the birth a person was registered by."""
    return await read.one(
        Newborn,
        "SELECT mother_id, birth_date, birth_order FROM people.newborns WHERE person_id = $1",
        person_id,
    )


async def highest_passed(read: Read, person_ids: list[UUID], since: datetime) -> int | None:
    """Return the highest level at which one of these was verified after an instant; None when nobody was."""
    return await read.value(
        int,
        """
        SELECT max(level)::integer FROM people.verifications
         WHERE person_id = ANY($1) AND at > $2 AND outcome = 'passed'
        """,
        person_ids,
        since,
    )
