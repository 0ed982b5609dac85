"""Every statement about terminals."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.terminals.model import Seat, Terminal


async def add_terminals(tx: Transaction, new: list[Terminal], at: datetime) -> list[Terminal]:
    """Add terminals whose name is free at their institution; return those added."""
    return await tx.all(
        Terminal,
        """
        INSERT INTO institutions.terminals
               (id, institution_id, department_id, name, kind, scene_code, state, binding, created_at)
        SELECT n.id, n.institution_id, n.department_id, n.name, n.kind, n.scene_code, 'active', 0, $7
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
               AS n (id, institution_id, department_id, name, kind, scene_code)
         ORDER BY n.institution_id, n.name
        ON CONFLICT (institution_id, name) WHERE state = 'active' DO NOTHING
        RETURNING id, institution_id, department_id, name, kind, scene_code, client_id, state, binding, retired_at,
                  replaced_by
        """,
        [one.id for one in new],
        [one.institution_id for one in new],
        [one.department_id for one in new],
        [one.name for one in new],
        [one.kind for one in new],
        [one.scene_code for one in new],
        at,
    )


async def active_named(read: Read, institution_ids: list[UUID], names: list[str]) -> list[Terminal]:
    """Return the active terminals of these names at these institutions."""
    return await read.all(
        Terminal,
        """
        SELECT t.id, t.institution_id, t.department_id, t.name, t.kind, t.scene_code, t.client_id, t.state, t.binding,
               t.retired_at, t.replaced_by
          FROM unnest($1::uuid[], $2::text[]) AS n (institution_id, name)
          JOIN institutions.terminals t
            ON t.institution_id = n.institution_id AND t.name = n.name AND t.state = 'active'
        """,
        institution_ids,
        names,
    )


async def terminal(read: Read, terminal_id: UUID) -> Terminal | None:
    """Return a terminal, active or retired."""
    return await read.one(
        Terminal,
        """
        SELECT id, institution_id, department_id, name, kind, scene_code, client_id, state, binding, retired_at,
               replaced_by
          FROM institutions.terminals WHERE id = $1
        """,
        terminal_id,
    )


async def hold_active(tx: Transaction, terminal_id: UUID) -> Terminal | None:
    """Return an active terminal, and keep it so until this transaction ends."""
    return await tx.one(
        Terminal,
        """
        SELECT id, institution_id, department_id, name, kind, scene_code, client_id, state, binding, retired_at,
               replaced_by
          FROM institutions.terminals WHERE id = $1 AND state = 'active' FOR UPDATE
        """,
        terminal_id,
    )


async def first_of_department(read: Read, institution_id: UUID, standard_code: str) -> Terminal | None:
    """Return the active terminal that was added first to departments of this standard code."""
    return await read.one(
        Terminal,
        """
        SELECT t.id, t.institution_id, t.department_id, t.name, t.kind, t.scene_code, t.client_id, t.state, t.binding,
               t.retired_at, t.replaced_by
          FROM institutions.departments d
          JOIN institutions.terminals t
            ON t.institution_id = d.institution_id AND t.department_id = d.id AND t.state = 'active'
         WHERE d.institution_id = $1 AND d.standard_code = $2
         ORDER BY t.id LIMIT 1
        """,
        institution_id,
        standard_code,
    )


async def terminals_of(read: Read, institution_id: UUID, after: UUID, limit: int) -> list[Terminal]:
    """Return an institution's terminals in the order of their ids, after one of them."""
    return await read.all(
        Terminal,
        """
        SELECT id, institution_id, department_id, name, kind, scene_code, client_id, state, binding, retired_at,
               replaced_by
          FROM institutions.terminals WHERE institution_id = $1 AND id > $2 ORDER BY id LIMIT $3
        """,
        institution_id,
        after,
        limit,
    )


async def bind_next(tx: Transaction, terminal_id: UUID) -> Terminal | None:
    """Raise an active terminal's binding, which ends the browser before; None when it is not active."""
    return await tx.one(
        Terminal,
        """
        UPDATE institutions.terminals SET binding = binding + 1
         WHERE id = $1 AND state = 'active'
        RETURNING id, institution_id, department_id, name, kind, scene_code, client_id, state, binding, retired_at,
                  replaced_by
        """,
        terminal_id,
    )


async def give_to_client(tx: Transaction, terminal_id: UUID, client_id: UUID | None) -> None:
    """Let one API client alone speak for a terminal, or any of its institution."""
    await tx.run("UPDATE institutions.terminals SET client_id = $2 WHERE id = $1", terminal_id, client_id)


async def retire(tx: Transaction, terminal_id: UUID, at: datetime) -> None:
    """Retire a terminal that is held active."""
    await tx.run("UPDATE institutions.terminals SET state = 'retired', retired_at = $2 WHERE id = $1", terminal_id, at)


async def set_scene(tx: Transaction, terminal_id: UUID, scene_code: str) -> None:
    """Give a terminal that is held another step of treatment."""
    await tx.run("UPDATE institutions.terminals SET scene_code = $2 WHERE id = $1", terminal_id, scene_code)


async def name_successor(tx: Transaction, terminal_id: UUID, successor: UUID) -> None:
    """Say which terminal stands in a retired one's place."""
    await tx.run("UPDATE institutions.terminals SET replaced_by = $2 WHERE id = $1", terminal_id, successor)


async def drop_enrolments(tx: Transaction, terminal_id: UUID) -> None:
    """Make a terminal's earlier codes worthless."""
    await tx.run("DELETE FROM institutions.enrolments WHERE terminal_id = $1", terminal_id)


async def add_enrolment(tx: Transaction, code_hash: bytes, terminal_id: UUID, expires_at: datetime) -> None:
    """Keep the fingerprint of a code."""
    await tx.run(
        "INSERT INTO institutions.enrolments (code_hash, terminal_id, expires_at) VALUES ($1, $2, $3)",
        code_hash,
        terminal_id,
        expires_at,
    )


async def spend_enrolment(tx: Transaction, code_hashes: list[bytes], at: datetime) -> UUID | None:
    """Spend a code that is still good, and return its terminal; of two at once one gets it."""
    return await tx.value(
        UUID,
        "DELETE FROM institutions.enrolments WHERE code_hash = ANY($1) AND expires_at > $2 RETURNING terminal_id",
        code_hashes,
        at,
    )


async def add_binding(tx: Transaction, token_hash: bytes, one: Terminal, at: datetime) -> None:
    """Keep the digest of the token a browser carries."""
    await tx.run(
        """
        INSERT INTO institutions.terminal_bindings (token_hash, terminal_id, binding, bound_at)
        VALUES ($1, $2, $3, $4)
        """,
        token_hash,
        one.id,
        one.binding,
        at,
    )


async def seat_of_token(read: Read, token_hash: bytes) -> Seat | None:
    """Return the terminal a browser sits at, while the terminal is active and the browser its last."""
    return await read.one(
        Seat,
        """
        SELECT t.id AS terminal_id, t.institution_id
          FROM institutions.terminal_bindings b
          JOIN institutions.terminals t ON t.id = b.terminal_id AND t.binding = b.binding AND t.state = 'active'
         WHERE b.token_hash = $1
        """,
        token_hash,
    )


async def live_client_of(read: Read, client_id: UUID, at: datetime) -> UUID | None:
    """Return the institution of an API client that has a live key."""
    return await read.value(
        UUID,
        """
        SELECT institution_id FROM access.client_keys
         WHERE client_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
         LIMIT 1
        """,
        client_id,
        at,
    )
