"""Statements about deaths and withdrawals."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class StateChange:
    """A death, its undoing, or a withdrawal, with what was seen for it."""

    person_id: UUID
    id: UUID
    at: datetime
    what: str
    died_on: date | None
    evidence: str
    account_id: UUID
    institution_id: UUID | None


async def add_change(tx: Transaction, change: StateChange) -> None:
    """Keep a change of state."""
    await tx.run(
        """
        INSERT INTO people.state_changes (person_id, id, at, what, died_on, evidence, account_id, institution_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        change.person_id,
        change.id,
        change.at,
        change.what,
        change.died_on,
        change.evidence,
        change.account_id,
        change.institution_id,
    )


async def changes_of(read: Read, person_id: UUID) -> list[StateChange]:
    """Return a person's changes of state, the newest first."""
    return await read.all(
        StateChange,
        """
        SELECT person_id, id, at, what, died_on, evidence, account_id, institution_id
          FROM people.state_changes
         WHERE person_id = $1
         ORDER BY id DESC
        """,
        person_id,
    )
