"""Every statement about proposed corrections."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.sealed import SealedValue


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as stored, sealed for person and request."""

    person_id: UUID
    request_id: UUID
    proposal_sealed: bytes
    proposed_at: datetime
    account_id: UUID


async def add_proposal(tx: Transaction, row: ProposalRow) -> bool:
    """Keep a proposal; False where one waits for this request."""
    return bool(
        await tx.run(
            """
            INSERT INTO people.proposed_corrections (person_id, request_id, proposal_sealed, proposed_at, account_id)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (person_id, request_id) DO NOTHING
            """,
            row.person_id,
            row.request_id,
            row.proposal_sealed,
            row.proposed_at,
            row.account_id,
        )
    )


async def proposal(read: Read, person_id: UUID, request_id: UUID) -> ProposalRow | None:
    """Return the proposal that waits for a request."""
    return await read.one(
        ProposalRow,
        """
        SELECT person_id, request_id, proposal_sealed, proposed_at, account_id
          FROM people.proposed_corrections
         WHERE person_id = $1 AND request_id = $2
        """,
        person_id,
        request_id,
    )


async def take_proposal(tx: Transaction, person_id: UUID, request_id: UUID) -> ProposalRow | None:
    """Take a proposal out to be decided; of two at once one gets it."""
    return await tx.one(
        ProposalRow,
        """
        DELETE FROM people.proposed_corrections
         WHERE person_id = $1 AND request_id = $2
        RETURNING person_id, request_id, proposal_sealed, proposed_at, account_id
        """,
        person_id,
        request_id,
    )


async def proposals_after(read: Read, person_id: UUID, request_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next proposals."""
    return await read.all(
        SealedValue,
        """
        SELECT person_id, request_id AS item_id, proposal_sealed AS sealed
          FROM people.proposed_corrections
         WHERE (person_id, request_id) > ($1, $2)
         ORDER BY person_id, request_id
         LIMIT $3
        """,
        person_id,
        request_id,
        limit,
    )


async def reseal_proposal(tx: Transaction, person_id: UUID, request_id: UUID, sealed: bytes) -> None:
    """Write a proposal sealed anew; one never changes."""
    await tx.run(
        "UPDATE people.proposed_corrections SET proposal_sealed = $3 WHERE person_id = $1 AND request_id = $2",
        person_id,
        request_id,
        sealed,
    )
