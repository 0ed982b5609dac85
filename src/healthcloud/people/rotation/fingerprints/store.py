"""
The statements that complete the lookup tables for a new key and clear them of a retired one.

What is claimed anew is locked first, so that nobody withdraws it between the reading and the claim.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from healthcloud.core.db import Transaction


@dataclass(frozen=True, slots=True)
class Number:
    """A document that finds its person."""

    person_id: UUID
    item_id: UUID
    kind: str
    issuer: str | None
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth of somebody who is not withdrawn, with everyone the mother is known as."""

    person_id: UUID
    mother_ids: list[UUID]
    birth_date: date
    birth_order: int


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number somebody has."""

    person_id: UUID
    item_id: UUID
    sealed: bytes


async def numbers_after(tx: Transaction, person_id: UUID, document_id: UUID, limit: int) -> list[Number]:
    """Lock and return the next documents that find their person."""
    return await tx.all(
        Number,
        """
        SELECT person_id, id AS item_id, kind, issuer, number_sealed AS sealed
          FROM people.documents
         WHERE (person_id, id) > ($1, $2) AND state <> 'released'
         ORDER BY person_id, id
         LIMIT $3
           FOR SHARE
        """,
        person_id,
        document_id,
        limit,
    )


async def births_after(tx: Transaction, person_id: UUID, limit: int) -> list[Birth]:
    """Lock the next newborns' persons and return their births."""
    return await tx.all(
        Birth,
        """
        SELECT n.person_id,
               ARRAY(SELECT x.id
                       FROM people.persons AS m
                       JOIN people.persons AS x ON x.id = m.canonical_id
                      WHERE m.id = n.mother_id
                      UNION
                     SELECT x.person_id
                       FROM people.persons AS m
                       JOIN people.canonical_members AS x ON x.canonical_id = m.canonical_id
                      WHERE m.id = n.mother_id
                      UNION
                     SELECT n.mother_id) AS mother_ids,
               n.birth_date, n.birth_order
          FROM people.newborns AS n
          JOIN people.persons AS p ON p.id = n.person_id
         WHERE n.person_id > $1 AND p.state <> 'withdrawn'
         ORDER BY n.person_id
         LIMIT $2
           FOR SHARE OF p
        """,
        person_id,
        limit,
    )


async def phones_after(tx: Transaction, person_id: UUID, contact_id: UUID, limit: int) -> list[Phone]:
    """Lock and return the next phone numbers somebody has."""
    return await tx.all(
        Phone,
        """
        SELECT person_id, id AS item_id, phone_sealed AS sealed
          FROM people.contacts
         WHERE (person_id, id) > ($1, $2) AND ended_at IS NULL
         ORDER BY person_id, id
         LIMIT $3
           FOR SHARE
        """,
        person_id,
        contact_id,
        limit,
    )


async def prune_identities(tx: Transaction, after: bytes, live: list[int], limit: int) -> list[bytes]:
    """Delete the next identity fingerprints under keys no longer live, never under newer ones; return them."""
    return await tx.values(
        bytes,
        """
        DELETE FROM people.document_index
         WHERE fingerprint = ANY (ARRAY(
               SELECT fingerprint
                 FROM people.document_index
                WHERE fingerprint > $1 AND key_number < $2 AND key_number <> ALL ($3::smallint[])
                ORDER BY fingerprint
                LIMIT $4))
        RETURNING fingerprint
        """,
        after,
        max(live),
        live,
        limit,
    )


async def prune_phones(tx: Transaction, after: bytes, live: list[int], limit: int) -> list[bytes]:
    """Delete the next phone fingerprints under keys no longer live, never under newer ones; return them."""
    return await tx.values(
        bytes,
        """
        DELETE FROM people.phones
         WHERE fingerprint = ANY (ARRAY(
               SELECT fingerprint
                 FROM people.phones
                WHERE fingerprint > $1 AND key_number < $2 AND key_number <> ALL ($3::smallint[])
                ORDER BY fingerprint
                LIMIT $4))
        RETURNING fingerprint
        """,
        after,
        max(live),
        live,
        limit,
    )
