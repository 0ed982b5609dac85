"""Every statement about links between registrations of one person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class Move:
    """One person moved by a merge, from whom they resolved to before, to whom since."""

    person_id: UUID
    id: UUID
    from_id: UUID
    to_id: UUID


async def repoint(tx: Transaction, person_ids: list[UUID], canonical_id: UUID) -> None:
    """Have persons resolve to this one."""
    await tx.run(
        "UPDATE people.persons SET canonical_id = $2, grouped = true WHERE id = ANY ($1::uuid[])",
        person_ids,
        canonical_id,
    )


async def set_grouped(tx: Transaction, person_id: UUID, *, grouped: bool) -> None:
    """Say whether a merge touches a person."""
    await tx.run("UPDATE people.persons SET grouped = $2 WHERE id = $1", person_id, grouped)


async def add_members(tx: Transaction, canonical_id: UUID, person_ids: list[UUID]) -> None:
    """Write who resolves to a canonical person."""
    await tx.run(
        """
        INSERT INTO people.canonical_members (canonical_id, person_id)
        SELECT $1, person_id
          FROM unnest($2::uuid[]) AS new (person_id)
        ON CONFLICT (canonical_id, person_id) DO NOTHING
        """,
        canonical_id,
        person_ids,
    )


async def drop_members(tx: Transaction, canonical_id: UUID, person_ids: list[UUID]) -> None:
    """Forget who resolved to a canonical person."""
    await tx.run(
        "DELETE FROM people.canonical_members WHERE canonical_id = $1 AND person_id = ANY ($2::uuid[])",
        canonical_id,
        person_ids,
    )


async def add_moves(
    tx: Transaction,
    merge_id: UUID,
    person_ids: list[UUID],
    from_id: UUID,
    to_id: UUID,
    at: datetime,
    account_id: UUID,
    reason: str,
) -> None:
    """Keep whom a merge moved."""
    await tx.run(
        """
        INSERT INTO people.merges (person_id, id, from_id, to_id, at, account_id, reason)
        SELECT person_id, $1, $3, $4, $5, $6, $7
          FROM unnest($2::uuid[]) AS new (person_id)
        """,
        merge_id,
        person_ids,
        from_id,
        to_id,
        at,
        account_id,
        reason,
    )


async def last_move(read: Read, person_id: UUID) -> Move | None:
    """Return the last merge that moved a person and was not undone."""
    return await read.one(
        Move,
        """
        SELECT person_id, id, from_id, to_id
          FROM people.merges
         WHERE person_id = $1 AND undone_at IS NULL
         ORDER BY id DESC
         LIMIT 1
        """,
        person_id,
    )


async def undo_moves(tx: Transaction, merge_id: UUID, person_ids: list[UUID], at: datetime, by: UUID) -> list[UUID]:
    """Mark a merge as undone for those of these persons it moved; return them."""
    return await tx.values(
        UUID,
        """
        UPDATE people.merges
           SET undone_at = $3, undone_by = $4
         WHERE person_id = ANY ($2::uuid[]) AND id = $1 AND undone_at IS NULL
        RETURNING person_id
        """,
        merge_id,
        person_ids,
        at,
        by,
    )
