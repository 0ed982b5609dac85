"""Every statement about subscriptions."""

from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.fhir.subscriptions.model import Subscription


async def subscriptions_of(read: Read, institution_id: UUID) -> list[Subscription]:
    """Return an institution's subscriptions."""
    return await read.all(
        Subscription,
        """
        SELECT institution_id, id, criteria, endpoint, reason, made_at, made_by FROM fhir.subscriptions
         WHERE institution_id = $1 ORDER BY id
        """,
        institution_id,
    )


async def subscribed(read: Read, institution_ids: list[UUID], criteria: str) -> list[Subscription]:
    """Return who of these institutions wants to hear of this."""
    return await read.all(
        Subscription,
        """
        SELECT institution_id, id, criteria, endpoint, reason, made_at, made_by FROM fhir.subscriptions
         WHERE institution_id = ANY($1) AND criteria = $2 ORDER BY institution_id
        """,
        institution_ids,
        criteria,
    )


async def add_subscription(tx: Transaction, one: Subscription) -> int:
    """Add a subscription; 0 where the institution has one of these criteria."""
    return await tx.run(
        """
        INSERT INTO fhir.subscriptions (institution_id, id, criteria, endpoint, reason, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (institution_id, criteria) DO NOTHING
        """,
        one.institution_id,
        one.id,
        one.criteria,
        one.endpoint,
        one.reason,
        one.made_at,
        one.made_by,
    )


async def remove_subscription(tx: Transaction, institution_id: UUID, one_id: UUID) -> int:
    """Remove a subscription; 0 when there is none."""
    return await tx.run("DELETE FROM fhir.subscriptions WHERE institution_id = $1 AND id = $2", institution_id, one_id)
