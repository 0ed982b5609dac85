"""Every statement about consents."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.consents.model import Consent


async def add_consent(tx: Transaction, consent: Consent) -> None:
    """Write a consent."""
    await tx.run(
        """
        INSERT INTO people.consents
               (person_id, id, purpose, text_version, channel, given_at, until, given_by, withdrawn_at, withdrawn_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        consent.person_id,
        consent.id,
        consent.purpose,
        consent.text_version,
        consent.channel,
        consent.given_at,
        consent.until,
        consent.given_by,
        consent.withdrawn_at,
        consent.withdrawn_by,
    )


async def withdraw(
    tx: Transaction, person_ids: list[UUID], consent_id: UUID, at: datetime, withdrawn_by: UUID
) -> str | None:
    """Withdraw a consent that stands, and delete the photograph that stood on it; return its purpose."""
    return await tx.value(
        str,
        """
        WITH withdrawn AS (
            UPDATE people.consents
               SET withdrawn_at = $3, withdrawn_by = $4
             WHERE person_id = ANY ($1::uuid[]) AND id = $2 AND withdrawn_at IS NULL
            RETURNING person_id, id, purpose
        ), gone AS (
            DELETE FROM people.photos AS p
             USING withdrawn AS w
             WHERE p.person_id = w.person_id AND p.consent_id = w.id
        )
        SELECT purpose FROM withdrawn
        """,
        person_ids,
        consent_id,
        at,
        withdrawn_by,
    )


async def withdraw_all(tx: Transaction, person_id: UUID, at: datetime, withdrawn_by: UUID) -> list[str]:
    """Withdraw every consent of a person that stands, their photograph with them; return their purposes."""
    return await tx.values(
        str,
        """
        WITH withdrawn AS (
            UPDATE people.consents
               SET withdrawn_at = $2, withdrawn_by = $3
             WHERE person_id = $1 AND withdrawn_at IS NULL
            RETURNING person_id, id, purpose
        ), gone AS (
            DELETE FROM people.photos AS p
             USING withdrawn AS w
             WHERE p.person_id = w.person_id AND p.consent_id = w.id
        )
        SELECT purpose FROM withdrawn
        """,
        person_id,
        at,
        withdrawn_by,
    )


async def consents_of(read: Read, person_ids: list[UUID]) -> list[Consent]:
    """Return every consent of these persons, the newest first."""
    return await read.all(
        Consent,
        """
        SELECT person_id, id, purpose, text_version, channel, given_at, until, given_by, withdrawn_at, withdrawn_by
          FROM people.consents
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY id DESC
        """,
        person_ids,
    )


async def consented(read: Read, person_ids: list[UUID], purpose: str, at: datetime) -> bool | None:
    """Tell whether one of these persons' consents to a purpose stood at an instant."""
    return await read.value(
        bool,
        """
        SELECT EXISTS (
               SELECT FROM people.consents
                WHERE person_id = ANY ($1::uuid[]) AND purpose = $2 AND given_at <= $3 AND until > $3
                  AND (withdrawn_at IS NULL OR withdrawn_at > $3)) AS stood
        """,
        person_ids,
        purpose,
        at,
    )
