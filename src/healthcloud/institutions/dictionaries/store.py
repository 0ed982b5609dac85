"""Every statement about dictionaries."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.dictionaries.model import Mapping, Miss, Unmapped


async def version_of(read: Read, institution_id: UUID) -> int | None:
    """Return the version of an institution's mappings; None where there never were any."""
    return await read.value(
        int, "SELECT version FROM institutions.dictionary_versions WHERE institution_id = $1", institution_id
    )


async def next_version(tx: Transaction, institution_id: UUID, at: datetime) -> int | None:
    """Raise the version: who changes an institution's mappings takes turns here."""
    return await tx.value(
        int,
        """
        INSERT INTO institutions.dictionary_versions AS v (institution_id, version, changed_at) VALUES ($1, 1, $2)
        ON CONFLICT (institution_id) DO UPDATE SET version = v.version + 1, changed_at = excluded.changed_at
        RETURNING version
        """,
        institution_id,
        at,
    )


async def mappings_of(read: Read, institution_id: UUID) -> list[Mapping]:
    """Return all of an institution's mappings, by set and spelling."""
    return await read.all(
        Mapping,
        """
        SELECT set_name, spelling, theirs, ours, label, is_answer FROM institutions.dictionary_mappings
         WHERE institution_id = $1 ORDER BY set_name, spelling
        """,
        institution_id,
    )


async def mappings_in(read: Read, institution_id: UUID, set_name: str) -> list[Mapping]:
    """Return an institution's mappings of one set, by spelling."""
    return await read.all(
        Mapping,
        """
        SELECT set_name, spelling, theirs, ours, label, is_answer FROM institutions.dictionary_mappings
         WHERE institution_id = $1 AND set_name = $2 ORDER BY spelling
        """,
        institution_id,
        set_name,
    )


async def put_mappings(tx: Transaction, institution_id: UUID, changed: list[Mapping]) -> int:
    """Write mappings in this order: what is no longer the answer before what is now."""
    return await tx.run(
        """
        INSERT INTO institutions.dictionary_mappings
               (institution_id, set_name, spelling, theirs, ours, label, is_answer)
        SELECT $1, n.set_name, n.spelling, n.theirs, n.ours, n.label, n.is_answer
          FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
               WITH ORDINALITY AS n (set_name, spelling, theirs, ours, label, is_answer, place)
         ORDER BY n.place
        ON CONFLICT (institution_id, set_name, spelling) DO UPDATE
           SET theirs = excluded.theirs, ours = excluded.ours, label = excluded.label, is_answer = excluded.is_answer
        """,
        institution_id,
        [one.set_name for one in changed],
        [one.spelling for one in changed],
        [one.theirs for one in changed],
        [one.ours for one in changed],
        [one.label for one in changed],
        [one.is_answer for one in changed],
    )


async def remove_mapping(tx: Transaction, institution_id: UUID, set_name: str, spelling: str) -> int:
    """Take a mapping away; 0 when there is none."""
    return await tx.run(
        """
        DELETE FROM institutions.dictionary_mappings
         WHERE institution_id = $1 AND set_name = $2 AND spelling = $3
        """,
        institution_id,
        set_name,
        spelling,
    )


async def unmapped_of(read: Read, institution_id: UUID, limit: int) -> list[Unmapped]:
    """Return what an institution has not mapped, the most frequent first."""
    return await read.all(
        Unmapped,
        """
        SELECT set_name, direction, value, count, first_seen, last_seen FROM institutions.dictionary_unmapped
         WHERE institution_id = $1 ORDER BY count DESC, set_name, direction, value LIMIT $2
        """,
        institution_id,
        limit,
    )


async def count_unmapped(tx: Transaction, misses: list[Miss], counts: list[int], at: datetime) -> int:
    """Count values nobody has mapped."""
    return await tx.run(
        """
        INSERT INTO institutions.dictionary_unmapped AS u
               (institution_id, set_name, direction, value, count, first_seen, last_seen)
        SELECT n.institution_id, n.set_name, n.direction, n.value, n.count, $6::timestamptz, $6::timestamptz
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[])
               AS n (institution_id, set_name, direction, value, count)
          JOIN institutions.institutions i ON i.id = n.institution_id
         ORDER BY n.institution_id, n.set_name, n.direction, n.value
        ON CONFLICT (institution_id, set_name, direction, value) DO UPDATE
           SET count = u.count + excluded.count, last_seen = greatest(u.last_seen, excluded.last_seen)
        """,
        [one.institution_id for one in misses],
        [one.set_name for one in misses],
        [one.direction for one in misses],
        [one.value for one in misses],
        counts,
        at,
    )


async def forget_unmapped(tx: Transaction, institution_id: UUID, set_name: str, values: list[str]) -> int:
    """Forget values that have been mapped now."""
    return await tx.run(
        """
        DELETE FROM institutions.dictionary_unmapped
         WHERE institution_id = $1 AND set_name = $2 AND value = ANY($3)
        """,
        institution_id,
        set_name,
        values,
    )
