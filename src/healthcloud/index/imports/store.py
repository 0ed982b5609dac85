"""Every statement about imports: how far each has come."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.index.imports.model import Import, NewImport, Tally


async def add_import(tx: Transaction, one: NewImport) -> UUID | None:
    """Write an import that begins; None where this file is there already."""
    return await tx.value(
        UUID,
        """
        INSERT INTO index.imports (id, institution_id, account_id, caller_kind, name, size, digest, state, rows,
                                   portions, checked, linked, new, review, unchanged, rejected, created_at, worked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0, 0, $9, interval '0')
        ON CONFLICT (institution_id, digest)
              WHERE forgotten_at IS NULL AND state NOT IN ('cancelled', 'failed') DO NOTHING
        RETURNING id
        """,
        *one,
    )


async def import_of_file(read: Read, institution_id: UUID, digest: bytes) -> Import | None:
    """Return the import of a file that was neither cancelled nor failed nor forgotten."""
    return await read.one(
        Import,
        """
        SELECT id, institution_id, account_id, caller_kind, name, size, digest, state, kind, rows, portions, mapping,
               checked, linked, new, review, unchanged, rejected, report, fault_en, fault_zh, created_at, started_at,
               worked, ended_at, forgotten_at
          FROM index.imports
         WHERE institution_id = $1 AND digest = $2 AND forgotten_at IS NULL AND state NOT IN ('cancelled', 'failed')
        """,
        institution_id,
        digest,
    )


async def find_import(read: Read, import_id: UUID) -> Import | None:
    """Return an import."""
    return await read.one(
        Import,
        """
        SELECT id, institution_id, account_id, caller_kind, name, size, digest, state, kind, rows, portions, mapping,
               checked, linked, new, review, unchanged, rejected, report, fault_en, fault_zh, created_at, started_at,
               worked, ended_at, forgotten_at
          FROM index.imports
         WHERE id = $1
        """,
        import_id,
    )


async def lock_import(tx: Transaction, import_id: UUID) -> Import | None:
    """Return an import and keep others from changing it meanwhile."""
    return await tx.one(
        Import,
        """
        SELECT id, institution_id, account_id, caller_kind, name, size, digest, state, kind, rows, portions, mapping,
               checked, linked, new, review, unchanged, rejected, report, fault_en, fault_zh, created_at, started_at,
               worked, ended_at, forgotten_at
          FROM index.imports
         WHERE id = $1
           FOR UPDATE
        """,
        import_id,
    )


async def imports(read: Read, institution_id: UUID | None, before: UUID, limit: int) -> list[Import]:
    """Return imports, the newest first, of one institution or of all."""
    return await read.all(
        Import,
        """
        SELECT id, institution_id, account_id, caller_kind, name, size, digest, state, kind, rows, portions, mapping,
               checked, linked, new, review, unchanged, rejected, report, fault_en, fault_zh, created_at, started_at,
               worked, ended_at, forgotten_at
          FROM index.imports
         WHERE id < $2 AND ($1::uuid IS NULL OR institution_id = $1)
         ORDER BY id DESC
         LIMIT $3
        """,
        institution_id,
        before,
        limit,
    )


async def count_open(read: Read, institution_id: UUID) -> int:
    """Return how many imports of an institution have not ended."""
    found = await read.value(
        int,
        """
        SELECT count(*)::int4 AS count
          FROM index.imports
         WHERE institution_id = $1 AND state NOT IN ('done', 'cancelled', 'failed')
        """,
        institution_id,
    )
    return found or 0


async def set_state(tx: Transaction, import_id: UUID, state: str, ended_at: datetime | None) -> None:
    """Write where an import stands."""
    await tx.run(
        "UPDATE index.imports SET state = $2, ended_at = $3 WHERE id = $1",
        import_id,
        state,
        ended_at,
    )


async def set_started(tx: Transaction, import_id: UUID, state: str, at: datetime) -> None:
    """Write that an import runs, and since when."""
    await tx.run(
        "UPDATE index.imports SET state = $2, started_at = coalesce(started_at, $3) WHERE id = $1",
        import_id,
        state,
        at,
    )


async def set_failed(tx: Transaction, import_id: UUID, fault_en: str, fault_zh: str, at: datetime) -> int:
    """Write why a file could not be read, unless that is over; return 1 if it was not."""
    return await tx.run(
        """
        UPDATE index.imports SET state = 'failed', fault_en = $2, fault_zh = $3, ended_at = $4
         WHERE id = $1 AND state = 'reading'
        """,
        import_id,
        fault_en,
        fault_zh,
        at,
    )


async def set_read(tx: Transaction, import_id: UUID, kind: str, shape_sealed: bytes, rows: int, portions: int) -> int:
    """Write that a file has been read, unless it was cancelled meanwhile; return 1 if it was not."""
    return await tx.run(
        """
        UPDATE index.imports SET state = 'read', kind = $2, shape_sealed = $3, rows = $4, portions = $5
         WHERE id = $1 AND state = 'reading'
        """,
        import_id,
        kind,
        shape_sealed,
        rows,
        portions,
    )


async def shape(read: Read, import_id: UUID) -> bytes | None:
    """Return what a file looks like, sealed."""
    return await read.value(bytes, "SELECT shape_sealed FROM index.imports WHERE id = $1", import_id)


async def set_mapping(tx: Transaction, import_id: UUID, mapping: str) -> None:
    """Write which column holds what; what was read under another mapping counts no more."""
    await tx.run(
        "UPDATE index.imports SET state = 'mapped', mapping = $2, checked = 0, report = NULL WHERE id = $1",
        import_id,
        mapping,
    )


async def set_checked(tx: Transaction, import_id: UUID, portion: int) -> int:
    """Count a portion as read under the mapping, unless it was counted; return 1 if it was not."""
    return await tx.run(
        "UPDATE index.imports SET checked = checked + 1 WHERE id = $1 AND checked = $2", import_id, portion
    )


async def set_report(tx: Transaction, import_id: UUID, report: str) -> None:
    """Write what a dry run found."""
    await tx.run(
        "UPDATE index.imports SET state = 'tried', report = $2 WHERE id = $1 AND state = 'trying'", import_id, report
    )


async def count_rows(tx: Transaction, import_id: UUID, tally: Tally, worked: timedelta) -> None:
    """Add what became of a portion's rows, and the time that took."""
    await tx.run(
        """
        UPDATE index.imports
           SET linked = linked + $2, new = new + $3, review = review + $4, unchanged = unchanged + $5,
               rejected = rejected + $6, worked = worked + $7
         WHERE id = $1
        """,
        import_id,
        *tally,
        worked,
    )


async def finish(tx: Transaction, import_id: UUID, at: datetime) -> int:
    """Write that every row has been worked; return 1 if that was not known."""
    return await tx.run(
        """
        UPDATE index.imports SET state = 'done', ended_at = $2
         WHERE id = $1 AND state = 'running' AND rows = linked + new + review + unchanged + rejected
        """,
        import_id,
        at,
    )
