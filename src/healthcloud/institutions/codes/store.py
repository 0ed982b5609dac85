"""Every statement about code sets."""

from datetime import date, datetime

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.codes.model import Code, CodeClaim, CodeSet


async def code_set(read: Read, name: str, version: str) -> CodeSet | None:
    """Return one version of a set, loaded or not."""
    return await read.one(
        CodeSet,
        """
        SELECT name, version, effective_from, title_zh, title_en, standard, note, file_hash, loaded_at, importing_hash,
               lines_done
          FROM institutions.code_sets WHERE name = $1 AND version = $2
        """,
        name,
        version,
    )


async def sets_in_force(read: Read, on: date) -> list[CodeSet]:
    """Return of every set the version in force on this day."""
    return await read.all(
        CodeSet,
        """
        SELECT DISTINCT ON (name)
               name, version, effective_from, title_zh, title_en, standard, note, file_hash, loaded_at, importing_hash,
               lines_done
          FROM institutions.code_sets
         WHERE loaded_at IS NOT NULL AND effective_from <= $1
         ORDER BY name, effective_from DESC, version DESC
        """,
        on,
    )


async def put_set(tx: Transaction, one: CodeSet) -> CodeSet | None:
    """Write a version's facts and begin an import, or go on with one of the same file."""
    return await tx.one(
        CodeSet,
        """
        INSERT INTO institutions.code_sets AS s
               (name, version, effective_from, title_zh, title_en, standard, note, importing_hash, lines_done)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
        ON CONFLICT (name, version) DO UPDATE
           SET effective_from = excluded.effective_from, title_zh = excluded.title_zh, title_en = excluded.title_en,
               standard = excluded.standard, note = excluded.note, importing_hash = excluded.importing_hash,
               lines_done = CASE WHEN s.importing_hash = excluded.importing_hash THEN s.lines_done ELSE 0 END
        RETURNING name, version, effective_from, title_zh, title_en, standard, note, file_hash, loaded_at,
                  importing_hash, lines_done
        """,
        one.name,
        one.version,
        one.effective_from,
        one.title_zh,
        one.title_en,
        one.standard,
        one.note,
        one.importing_hash,
    )


async def mark_progress(tx: Transaction, one: CodeSet, line: int) -> int:
    """Remember how far the import has come; 0 when another file has taken its place."""
    return await tx.run(
        """
        UPDATE institutions.code_sets SET lines_done = greatest(lines_done, $4)
         WHERE name = $1 AND version = $2 AND importing_hash = $3
        """,
        one.name,
        one.version,
        one.importing_hash,
        line,
    )


async def finish_import(tx: Transaction, one: CodeSet, at: datetime) -> int:
    """Put the version in force; 0 when another file has taken this one's place."""
    return await tx.run(
        """
        UPDATE institutions.code_sets
           SET file_hash = importing_hash, importing_hash = NULL, lines_done = 0, loaded_at = coalesce(loaded_at, $4)
         WHERE name = $1 AND version = $2 AND importing_hash = $3
        """,
        one.name,
        one.version,
        one.importing_hash,
        at,
    )


async def codes_among(read: Read, name: str, version: str, codes: list[str]) -> list[Code]:
    """Return those of these codes that the version holds."""
    return await read.all(
        Code,
        """
        SELECT code, label, label_en, parent, attributes FROM institutions.codes
         WHERE set_name = $1 AND version = $2 AND code = ANY($3)
        """,
        name,
        version,
        codes,
    )


async def put_codes(tx: Transaction, one: CodeSet, codes: list[Code]) -> int:
    """Add codes, or overwrite them."""
    return await tx.run(
        """
        INSERT INTO institutions.codes (set_name, version, code, label, label_en, parent, attributes)
        SELECT $1, $2, n.code, n.label, n.label_en, n.parent, n.attributes
          FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
               AS n (code, label, label_en, parent, attributes)
        ON CONFLICT (set_name, version, code) DO UPDATE
           SET label = excluded.label, label_en = excluded.label_en, parent = excluded.parent,
               attributes = excluded.attributes
        """,
        one.name,
        one.version,
        [code.code for code in codes],
        [code.label for code in codes],
        [code.label_en for code in codes],
        [code.parent for code in codes],
        [code.attributes for code in codes],
    )


async def codes_after(read: Read, name: str, version: str, after: str, limit: int) -> list[Code]:
    """Return the codes of a version in the order of their codes, after one of them."""
    return await read.all(
        Code,
        """
        SELECT code, label, label_en, parent, attributes FROM institutions.codes
         WHERE set_name = $1 AND version = $2 AND code > $3
         ORDER BY code LIMIT $4
        """,
        name,
        version,
        after,
        limit,
    )


async def attribute_names(read: Read, name: str, version: str) -> list[str]:
    """Return the names of a version's further columns."""
    return await read.values(
        str,
        """
        SELECT DISTINCT k.name FROM institutions.codes c CROSS JOIN LATERAL jsonb_object_keys(c.attributes) AS k (name)
         WHERE c.set_name = $1 AND c.version = $2 ORDER BY k.name
        """,
        name,
        version,
    )


async def claims_in_force(read: Read, set_names: list[str], versions: list[str], codes: list[str]) -> list[CodeClaim]:
    """Return those of these claims that hold."""
    return await read.all(
        CodeClaim,
        """
        SELECT c.set_name, c.code, '' AS pointer
          FROM unnest($1::text[], $2::text[], $3::text[]) AS k (set_name, version, code)
          JOIN institutions.codes c ON c.set_name = k.set_name AND c.version = k.version AND c.code = k.code
        """,
        set_names,
        versions,
        codes,
    )
