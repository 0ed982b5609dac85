"""Statements about patient numbers of institutions."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """Whose a patient number of an institution is."""

    number: str
    person_id: UUID


async def number_owners(read: Read, institution_id: UUID, numbers: list[str]) -> list[NumberOwner]:
    """Return whose patient numbers of an institution these are."""
    return await read.all(
        NumberOwner,
        """
        SELECT number, person_id
          FROM people.local_number_index
         WHERE institution_id = $1 AND number = ANY ($2::text[])
        """,
        institution_id,
        numbers,
    )


async def release_numbers(tx: Transaction, institution_id: UUID, numbers: list[str]) -> None:
    """Give claimed patient numbers back."""
    await tx.run(
        "DELETE FROM people.local_number_index WHERE institution_id = $1 AND number = ANY ($2::text[])",
        institution_id,
        numbers,
    )
