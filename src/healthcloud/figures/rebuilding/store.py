"""Every statement that sweeps an edition no longer shown; each enters by the first column of a key."""

from uuid import UUID

from healthcloud.core.db import Transaction


async def next_institution(tx: Transaction, after: UUID) -> UUID | None:
    """Return the next institution with totals of any edition."""
    return await tx.value(
        UUID,
        "SELECT institution_id FROM figures.totals WHERE institution_id > $1 ORDER BY institution_id LIMIT 1",
        after,
    )


async def sweep_counts(tx: Transaction, edition: int, institution_id: UUID) -> None:
    """Forget an institution's counts."""
    await tx.run("DELETE FROM figures.counts WHERE institution_id = $1 AND edition = $2", institution_id, edition)


async def sweep_lines(tx: Transaction, edition: int, institution_id: UUID) -> None:
    """Forget an institution's lines."""
    await tx.run("DELETE FROM figures.lines WHERE institution_id = $1 AND edition = $2", institution_id, edition)


async def sweep_totals(tx: Transaction, edition: int, institution_id: UUID) -> None:
    """Forget an institution's totals."""
    await tx.run("DELETE FROM figures.totals WHERE institution_id = $1 AND edition = $2", institution_id, edition)


async def next_persons(tx: Transaction, after: UUID, limit: int) -> list[UUID]:
    """Return the next persons whose cards were used."""
    return await tx.values(
        UUID,
        "SELECT person_id FROM figures.reach WHERE person_id > $1 ORDER BY person_id LIMIT $2",
        after,
        limit,
    )


async def sweep_reach(tx: Transaction, edition: int, person_ids: list[UUID]) -> None:
    """Forget when these persons' cards were last used."""
    await tx.run("DELETE FROM figures.reach WHERE person_id = ANY($2) AND edition = $1", edition, person_ids)
