"""Every statement about uses that were reported after the fact."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.reported.model import WITHIN, Seen, Told
from healthcloud.core.db import Read, Transaction


class Known(NamedTuple):
    """A card as it was named, with the one it stands for now and its holder."""

    named: bytes
    card_id: bytes
    person_id: UUID


class Claimed(NamedTuple):
    """A report's id as it was first received."""

    request_hash: bytes
    id: UUID
    evidence: bytes
    is_verified: bool


class ReportedUse(NamedTuple):
    """A line of `cards.reported_uses`."""

    card_id: bytes
    used_at: datetime
    institution_id: UUID
    scene: str
    id: UUID
    scene_told: str
    terminal_told: str | None
    department: str | None
    channel: str | None
    cost_kinds: str | None
    person_id: UUID
    account_id: UUID
    received_at: datetime
    use_id: str | None


async def cards_named(read: Read, card_ids: Sequence[bytes]) -> list[Known]:
    """Return which of these cards there are."""
    return await read.all(
        Known,
        """
        SELECT id AS named, COALESCE(alias_of, id) AS card_id, person_id
          FROM cards.cards WHERE id = ANY ($1::bytea[])
        """,
        list(card_ids),
    )


async def uses_seen(read: Read, institution_id: UUID, told: Sequence[Told]) -> list[Seen]:
    """Return the verified use nearest in time to each report, under whichever of the card's ids, in their order."""
    return await read.all(
        Seen,
        """
        SELECT u.card_id, u.step_at, u.slot, u.terminal_id
          FROM unnest($2::bytea[], $3::timestamptz[], $4::text[]) WITH ORDINALITY AS a (card_id, used_at, scene, n)
          LEFT JOIN LATERAL (
               SELECT one.card_id, one.step_at, one.slot, one.terminal_id
                 FROM cards.uses AS one
                WHERE one.card_id = ANY (ARRAY (
                          SELECT a.card_id UNION ALL SELECT o.alias_id FROM cards.aliases AS o
                           WHERE o.card_id = a.card_id))
                  AND one.step_at BETWEEN a.used_at - 2 * $5::interval AND a.used_at + 2 * $5::interval
                  AND one.used_at BETWEEN a.used_at - $5::interval AND a.used_at + $5::interval
                  AND one.institution_id = $1 AND one.scene = a.scene AND one.mark IS NULL
                ORDER BY GREATEST(one.used_at, a.used_at) - LEAST(one.used_at, a.used_at), one.used_at
                LIMIT 1) AS u ON true
         ORDER BY a.n
        """,
        institution_id,
        [one.card_id for one in told],
        [one.report.used_at for one in told],
        [one.scene for one in told],
        WITHIN,
    )


async def claim_reports(
    tx: Transaction, institution_id: UUID, claims: Sequence[Claimed], received_at: datetime
) -> list[Claimed]:
    """Keep these reports' ids, or return whose they are; DO UPDATE waits for a racing report and sees it."""
    return await tx.all(
        Claimed,
        """
        INSERT INTO cards.reports AS r (institution_id, request_hash, id, evidence, is_verified, received_at)
        SELECT $1, request_hash, id, evidence, is_verified, $6
          FROM unnest($2::bytea[], $3::uuid[], $4::bytea[], $5::bool[])
               AS new (request_hash, id, evidence, is_verified)
         ORDER BY request_hash
        ON CONFLICT (institution_id, request_hash) DO UPDATE SET evidence = r.evidence
        RETURNING request_hash, id, evidence, is_verified
        """,
        institution_id,
        *([one[n] for one in claims] for n in range(len(Claimed._fields))),
        received_at,
    )


async def add_reported(tx: Transaction, uses: Sequence[ReportedUse]) -> list[UUID]:
    """Write reported uses in the order of their keys; return the ids of those that were not there before."""
    return await tx.values(
        UUID,
        """
        INSERT INTO cards.reported_uses (card_id, used_at, institution_id, scene, id, scene_told, terminal_told,
                                         department, channel, cost_kinds, person_id, account_id, received_at, use_id)
        SELECT card_id, used_at, institution_id, scene, id, scene_told, terminal_told, department, channel, cost_kinds,
               person_id, account_id, received_at, use_id
          FROM unnest($1::bytea[], $2::timestamptz[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
                      $8::text[], $9::text[], $10::text[], $11::uuid[], $12::uuid[], $13::timestamptz[], $14::text[])
               AS new (card_id, used_at, institution_id, scene, id, scene_told, terminal_told, department, channel,
                       cost_kinds, person_id, account_id, received_at, use_id)
         ORDER BY card_id, used_at, institution_id, scene
        ON CONFLICT (card_id, used_at, institution_id, scene) DO NOTHING
        RETURNING id
        """,
        *([use[n] for use in uses] for n in range(len(ReportedUse._fields))),
    )


async def forget_reports(tx: Transaction, until: datetime, limit: int) -> int:
    """Forget ids of reports so old that the same again is refused for its age; return how many."""
    return await tx.run(
        """
        DELETE FROM cards.reports AS r
         USING (SELECT institution_id, request_hash FROM cards.reports WHERE received_at < $1
                 ORDER BY received_at LIMIT $2) AS old
         WHERE r.institution_id = old.institution_id AND r.request_hash = old.request_hash
        """,
        until,
        limit,
    )
