"""The statements that walk over sealed values and fingerprints by primary key."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.sealed import SealedValue


@dataclass(frozen=True, slots=True)
class History:
    """The two sealed faces of a correction."""

    person_id: UUID
    item_id: UUID
    before_sealed: bytes
    after_sealed: bytes


async def faces_after(read: Read, person_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next faces."""
    return await read.all(
        SealedValue,
        """
        SELECT id AS person_id, id AS item_id, face_sealed AS sealed
          FROM people.persons
         WHERE id > $1
         ORDER BY id
         LIMIT $2
        """,
        person_id,
        limit,
    )


async def replace_faces(tx: Transaction, person_ids: list[UUID], old: list[bytes], new: list[bytes]) -> None:
    """Write faces sealed anew, unless somebody changed them meanwhile."""
    await tx.run(
        """
        UPDATE people.persons AS p
           SET face_sealed = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE p.id = n.id AND p.face_sealed = n.old
        """,
        person_ids,
        old,
        new,
    )


async def documents_after(read: Read, person_id: UUID, document_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next documents' numbers, released ones too."""
    return await read.all(
        SealedValue,
        """
        SELECT person_id, id AS item_id, number_sealed AS sealed
          FROM people.documents
         WHERE (person_id, id) > ($1, $2)
         ORDER BY person_id, id
         LIMIT $3
        """,
        person_id,
        document_id,
        limit,
    )


async def replace_numbers(tx: Transaction, person_ids: list[UUID], document_ids: list[UUID], new: list[bytes]) -> None:
    """Write numbers sealed anew; a document's number never changes."""
    await tx.run(
        """
        UPDATE people.documents AS d
           SET number_sealed = n.new
          FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS n (person_id, id, new)
         WHERE d.person_id = n.person_id AND d.id = n.id
        """,
        person_ids,
        document_ids,
        new,
    )


async def contacts_after(read: Read, person_id: UUID, contact_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next phone numbers, ended ones too."""
    return await read.all(
        SealedValue,
        """
        SELECT person_id, id AS item_id, phone_sealed AS sealed
          FROM people.contacts
         WHERE (person_id, id) > ($1, $2)
         ORDER BY person_id, id
         LIMIT $3
        """,
        person_id,
        contact_id,
        limit,
    )


async def replace_phones(tx: Transaction, person_ids: list[UUID], contact_ids: list[UUID], new: list[bytes]) -> None:
    """Write phone numbers sealed anew."""
    await tx.run(
        """
        UPDATE people.contacts AS c
           SET phone_sealed = n.new
          FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS n (person_id, id, new)
         WHERE c.person_id = n.person_id AND c.id = n.id
        """,
        person_ids,
        contact_ids,
        new,
    )


async def corrections_after(read: Read, person_id: UUID, correction_id: UUID, limit: int) -> list[History]:
    """Return the next corrections."""
    return await read.all(
        History,
        """
        SELECT person_id, id AS item_id, before_sealed, after_sealed
          FROM people.corrections
         WHERE (person_id, id) > ($1, $2)
         ORDER BY person_id, id
         LIMIT $3
        """,
        person_id,
        correction_id,
        limit,
    )


async def replace_history(
    tx: Transaction, person_ids: list[UUID], correction_ids: list[UUID], before: list[bytes], after: list[bytes]
) -> None:
    """Write the faces of corrections sealed anew."""
    await tx.run(
        """
        UPDATE people.corrections AS c
           SET before_sealed = n.before, after_sealed = n.after
          FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) AS n (person_id, id, before, after)
         WHERE c.person_id = n.person_id AND c.id = n.id
        """,
        person_ids,
        correction_ids,
        before,
        after,
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """The sealed texts of a request; no answer yet is None."""

    person_id: UUID
    item_id: UUID
    text_sealed: bytes
    answer_sealed: bytes | None


async def requests_after(read: Read, person_id: UUID, request_id: UUID, limit: int) -> list[Texts]:
    """Return the next requests' texts."""
    return await read.all(
        Texts,
        """
        SELECT person_id, id AS item_id, text_sealed, answer_sealed
          FROM people.requests
         WHERE (person_id, id) > ($1, $2)
         ORDER BY person_id, id
         LIMIT $3
        """,
        person_id,
        request_id,
        limit,
    )


async def replace_texts(
    tx: Transaction, person_ids: list[UUID], request_ids: list[UUID], texts: list[bytes], answers: list[bytes | None]
) -> None:
    """Write requests' texts sealed anew; an answer given meanwhile, under the current key, stays."""
    await tx.run(
        """
        UPDATE people.requests AS r
           SET text_sealed = n.text_sealed, answer_sealed = coalesce(n.answer_sealed, r.answer_sealed)
          FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) AS n (person_id, id, text_sealed, answer_sealed)
         WHERE r.person_id = n.person_id AND r.id = n.id
        """,
        person_ids,
        request_ids,
        texts,
        answers,
    )
