"""Every statement about confirmations and the hosts browsers are sent back to."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Row(NamedTuple):
    """A confirmation as stored."""

    id: UUID
    institution_id: UUID
    person_id: UUID
    state: str
    ends_at: datetime
    used_at: datetime | None
    body_sealed: bytes
    link_print: bytes
    code_print: bytes | None


async def hosts(read: Read, client_id: UUID) -> list[str]:
    """Return the hosts registered for a client."""
    return await read.values(
        str, "SELECT host FROM exchange.redirect_hosts WHERE client_id = $1 ORDER BY host", client_id
    )


async def remove_hosts(tx: Transaction, client_id: UUID) -> None:
    """Have no host registered for a client."""
    await tx.run("DELETE FROM exchange.redirect_hosts WHERE client_id = $1", client_id)


async def add_hosts(tx: Transaction, client_id: UUID, names: list[str]) -> None:
    """Register hosts."""
    await tx.run(
        "INSERT INTO exchange.redirect_hosts (client_id, host) SELECT $1, host FROM unnest($2::text[]) AS new (host)",
        client_id,
        names,
    )


async def add(tx: Transaction, row: Row, asked_by: UUID, asked_at: datetime) -> None:
    """Keep a confirmation that is asked for."""
    await tx.run(
        """
        INSERT INTO exchange.confirmations
               (id, institution_id, person_id, state, ends_at, used_at, body_sealed, link_print, code_print, asked_by,
                asked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        *row,
        asked_by,
        asked_at,
    )


async def confirmation(read: Read, confirmation_id: UUID) -> Row | None:
    """Return a confirmation."""
    return await read.one(
        Row,
        """
        SELECT id, institution_id, person_id, state, ends_at, used_at, body_sealed, link_print, code_print
          FROM exchange.confirmations WHERE id = $1
        """,
        confirmation_id,
    )


async def held(tx: Transaction, confirmation_id: UUID) -> Row | None:
    """Return a confirmation and keep it as it is until this transaction ends."""
    return await tx.one(
        Row,
        """
        SELECT id, institution_id, person_id, state, ends_at, used_at, body_sealed, link_print, code_print
          FROM exchange.confirmations WHERE id = $1 FOR NO KEY UPDATE
        """,
        confirmation_id,
    )


async def decide(tx: Transaction, row: Row) -> None:
    """Keep what was said, with its code, and until when that is good."""
    await tx.run(
        """
        UPDATE exchange.confirmations SET state = $2, ends_at = $3, body_sealed = $4, code_print = $5 WHERE id = $1
        """,
        row.id,
        row.state,
        row.ends_at,
        row.body_sealed,
        row.code_print,
    )


async def use(tx: Transaction, confirmation_id: UUID, at: datetime) -> None:
    """Have its code be used."""
    await tx.run("UPDATE exchange.confirmations SET used_at = $2 WHERE id = $1", confirmation_id, at)


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget some confirmations that were over before an instant; return how many."""
    return await tx.run(
        """
        DELETE FROM exchange.confirmations
         WHERE id IN (
               SELECT id FROM exchange.confirmations
                WHERE ends_at < $1
                ORDER BY ends_at
                LIMIT $2
                  FOR UPDATE SKIP LOCKED)
        """,
        before,
        limit,
    )
