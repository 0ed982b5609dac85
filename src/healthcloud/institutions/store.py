"""Every statement about institutions, and their numbers."""

from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.institutions.model import (
    Alias,
    Institution,
    InstitutionFilter,
    InstitutionWish,
    Particulars,
    Standing,
)


async def claim_aliases(tx: Transaction, kinds: list[str], aliases: list[str], owners: list[UUID]) -> list[Alias]:
    """Claim numbers that nobody has, waiting for whoever is about to; return those that were free."""
    return await tx.all(
        Alias,
        """
        INSERT INTO institutions.aliases (alias, kind, institution_id)
        SELECT n.alias, n.kind, n.institution_id
          FROM unnest($1::text[], $2::text[], $3::uuid[]) AS n (kind, alias, institution_id)
         ORDER BY n.alias, n.kind
        ON CONFLICT (alias, kind) DO NOTHING
        RETURNING kind, alias, institution_id
        """,
        kinds,
        aliases,
        owners,
    )


async def release_aliases(tx: Transaction, owners: list[UUID]) -> None:
    """Give every number of these institutions free."""
    await tx.run("DELETE FROM institutions.aliases WHERE institution_id = ANY($1)", owners)


async def drop_alias(tx: Transaction, institution_id: UUID, kind: str, alias: str) -> int:
    """Take one number from an institution; 0 when it is not its."""
    return await tx.run(
        "DELETE FROM institutions.aliases WHERE alias = $3 AND kind = $2 AND institution_id = $1",
        institution_id,
        kind,
        alias,
    )


async def aliases_spelled(read: Read, spellings: list[str]) -> list[Alias]:
    """Return whose numbers these are, of any kind."""
    return await read.all(
        Alias,
        "SELECT kind, alias, institution_id FROM institutions.aliases WHERE alias = ANY($1) ORDER BY kind, alias",
        spellings,
    )


async def aliases_of(read: Read, institution_ids: list[UUID]) -> list[Alias]:
    """Return every number of these institutions."""
    return await read.all(
        Alias,
        """
        SELECT kind, alias, institution_id FROM institutions.aliases
         WHERE institution_id = ANY($1) ORDER BY institution_id, kind, alias
        """,
        institution_ids,
    )


async def add_institutions(tx: Transaction, ids: list[UUID], wishes: list[InstitutionWish], at: datetime) -> int:
    """Add open institutions."""
    said = [wish.particulars for wish in wishes]
    return await tx.run(
        """
        INSERT INTO institutions.institutions
               (id, name, short_name, class_code, level_code, ownership_code, district_code, street_code, address,
                phone, has_fever_clinic, parent_id, opened_on, demonstration, state, version, created_at)
        SELECT n.id, n.name, n.short_name, n.class_code, n.level_code, n.ownership_code, n.district_code, n.street_code,
               n.address, n.phone, n.has_fever_clinic, n.parent_id, n.opened_on, n.demonstration, 'open', 1, $15
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                      $9::text[], $10::text[], $11::boolean[], $12::uuid[], $13::date[], $14::boolean[])
               AS n (id, name, short_name, class_code, level_code, ownership_code, district_code, street_code, address,
                     phone, has_fever_clinic, parent_id, opened_on, demonstration)
        """,
        ids,
        [one.name for one in said],
        [one.short_name for one in said],
        [one.class_code for one in said],
        [one.level_code for one in said],
        [one.ownership_code for one in said],
        [one.district_code for one in said],
        [one.street_code for one in said],
        [one.address for one in said],
        [one.phone for one in said],
        [one.has_fever_clinic for one in said],
        [one.parent_id for one in said],
        [wish.opened_on for wish in wishes],
        [wish.demonstration for wish in wishes],
        at,
    )


async def amend_institution(tx: Transaction, institution_id: UUID, version: int, said: Particulars) -> int | None:
    """Write new particulars over this version of an open institution; return the new version."""
    return await tx.value(
        int,
        """
        UPDATE institutions.institutions
           SET name = $3, short_name = $4, class_code = $5, level_code = $6, ownership_code = $7, district_code = $8,
               street_code = $9, address = $10, phone = $11, has_fever_clinic = $12, parent_id = $13,
               version = version + 1
         WHERE id = $1 AND version = $2 AND state = 'open'
        RETURNING version
        """,
        institution_id,
        version,
        said.name,
        said.short_name,
        said.class_code,
        said.level_code,
        said.ownership_code,
        said.district_code,
        said.street_code,
        said.address,
        said.phone,
        said.has_fever_clinic,
        said.parent_id,
    )


async def close_institution(tx: Transaction, institution_id: UUID, on: date) -> int:
    """Close an open institution; 0 when there is none."""
    return await tx.run(
        """
        UPDATE institutions.institutions SET state = 'closed', closed_on = $2, version = version + 1
         WHERE id = $1 AND state = 'open'
        """,
        institution_id,
        on,
    )


async def retire_terminals(tx: Transaction, institution_id: UUID, at: datetime) -> int:
    """Retire every terminal of an institution."""
    return await tx.run(
        """
        UPDATE institutions.terminals SET state = 'retired', retired_at = $2
         WHERE institution_id = $1 AND state = 'active'
        """,
        institution_id,
        at,
    )


async def institutions_by_id(read: Read, ids: list[UUID]) -> list[Institution]:
    """Return these institutions."""
    return await read.all(
        Institution,
        """
        SELECT id, name, short_name, class_code, level_code, ownership_code, district_code, street_code, address, phone,
               has_fever_clinic, parent_id, state, demonstration, opened_on, closed_on, version
          FROM institutions.institutions WHERE id = ANY($1)
        """,
        ids,
    )


async def hold_standing(tx: Transaction, institution_ids: list[UUID]) -> list[Standing]:
    """Keep institutions from being closed until this transaction ends; return whether they are open."""
    return await tx.all(
        Standing,
        "SELECT id, state FROM institutions.institutions WHERE id = ANY($1) ORDER BY id FOR SHARE",
        institution_ids,
    )


async def list_institutions(read: Read, wanted: InstitutionFilter, after: UUID, limit: int) -> list[Institution]:
    """Return institutions in the order of their ids, after one of them."""
    return await read.all(
        Institution,
        """
        SELECT id, name, short_name, class_code, level_code, ownership_code, district_code, street_code, address, phone,
               has_fever_clinic, parent_id, state, demonstration, opened_on, closed_on, version
          FROM institutions.institutions
         WHERE id > $7
           AND ($1::text IS NULL OR district_code = $1)
           AND ($2::text IS NULL OR street_code = $2)
           AND ($3::text IS NULL OR starts_with(class_code, $3))
           AND ($4::boolean IS NULL OR has_fever_clinic = $4)
           AND ($5::uuid IS NULL OR parent_id = $5)
           AND ($6 OR state = 'open')
           AND ($9::text IS NULL OR strpos(name, $9) > 0 OR strpos(short_name, $9) > 0)
         ORDER BY id LIMIT $8
        """,
        wanted.district_code,
        wanted.street_code,
        wanted.class_code,
        wanted.has_fever_clinic,
        wanted.parent_id,
        wanted.with_closed,
        after,
        limit,
        wanted.text,
    )
