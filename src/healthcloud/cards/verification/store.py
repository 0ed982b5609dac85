"""The statement every scan is, and the few around it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from healthcloud.cards.uses.model import Use
from healthcloud.cards.verification.model import Ask, Looked
from healthcloud.core.db import Read, Transaction


async def check_and_use(tx: Transaction, asks: Sequence[Ask], at: datetime, batch_id: UUID) -> list[Looked]:
    """
    Look at every card, bind its code to the institution, write the use; one row per ask, in their order.

    `asks` have different keys. `DO UPDATE` is how the loser of a race sees the winner: `DO NOTHING` would return no
    row. Results of the writes are matched by place in an array, never by a join, which would be quadratic.
    """
    return await tx.all(
        Looked,
        """
        WITH asked AS MATERIALIZED (
            SELECT a.n, a.card_id, to_timestamp(a.step * 60) AS step_at, a.slot, a.terminal_id, a.scene,
                   a.institution_id, a.account_id, a.opened, c.person_id, c.alias_of, c.status, c.reason, c.kind,
                   c.deadline, f.key_live, f.terminal_live, f.slot_live, f.fit,
                   count(*) FILTER (WHERE f.fit) OVER (ORDER BY a.card_id, a.step, a.slot) AS place
              FROM unnest($1::int4[], $2::bytea[], $3::int8[], $4::int2[], $5::int4[], $6::uuid[], $7::text[],
                          $8::uuid[], $9::uuid[], $10::uuid[], $11::bool[], $12::bool[])
                   AS a (n, card_id, step, slot, epoch, terminal_id, scene, institution_id, account_id, key_id, opened,
                         held)
              LEFT JOIN cards.cards c ON c.id = a.card_id
              LEFT JOIN cards.slots s
                     ON a.slot > 0 AND s.card_id = a.card_id AND s.slot = a.slot AND s.removed_at IS NULL
              LEFT JOIN access.client_keys k ON k.id = a.key_id
              LEFT JOIN institutions.terminals t ON t.id = a.terminal_id
             CROSS JOIN LATERAL (
                   SELECT a.key_id IS NULL
                          OR k.id IS NOT NULL AND k.revoked_at IS NULL AND COALESCE(k.expires_at > $13, true)
                              AS key_live,
                          t.state IS NOT DISTINCT FROM 'active' AND t.institution_id = a.institution_id
                          AND COALESCE(t.client_id = a.account_id, true) AS terminal_live,
                          a.epoch IS NOT DISTINCT FROM CASE WHEN a.slot = 0 THEN c.epoch ELSE s.epoch END AS slot_live
                   ) l
             CROSS JOIN LATERAL (
                   SELECT l.key_live, l.terminal_live, l.slot_live,
                          l.key_live AND l.terminal_live AND l.slot_live AND NOT a.held
                          AND c.status IS NOT DISTINCT FROM 1 AND COALESCE(c.deadline > $13, true) AS fit
                   ) f
        ), bound AS (
            INSERT INTO cards.bindings AS b (card_id, step_at, slot, institution_id)
            SELECT card_id, step_at, slot, institution_id FROM asked WHERE fit ORDER BY card_id, step_at, slot
            ON CONFLICT (card_id, step_at, slot) DO UPDATE SET institution_id = b.institution_id
            RETURNING card_id, step_at, slot, institution_id
        ), used AS (
            INSERT INTO cards.uses (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id,
                                    opened, used_at, batch_id, position)
            SELECT card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id, opened, $13,
                   $14, n
              FROM asked
             WHERE fit
               AND institution_id
                   = (SELECT array_agg(institution_id ORDER BY card_id, step_at, slot) FROM bound)[place]
            ON CONFLICT (card_id, step_at, slot, terminal_id, scene) DO NOTHING
            RETURNING position
        )
        SELECT n, person_id, alias_of, status, reason, kind, deadline, key_live, terminal_live, slot_live,
               CASE WHEN fit THEN (SELECT array_agg(institution_id ORDER BY card_id, step_at, slot) FROM bound)[place]
                   END AS bound_to,
               CASE WHEN row_number() OVER (ORDER BY n) = 1 THEN (SELECT array_agg(position) FROM used) END AS written
          FROM asked ORDER BY n
        """,
        list(range(len(asks))),
        [ask[0] for ask in asks],
        [ask[1] for ask in asks],
        [ask[2] for ask in asks],
        [ask[3] for ask in asks],
        [ask[4] for ask in asks],
        [ask[5] for ask in asks],
        [ask[6] for ask in asks],
        [ask[7] for ask in asks],
        [ask[8] for ask in asks],
        [ask[9] for ask in asks],
        [ask[10] is not None for ask in asks],
        at,
        batch_id,
    )


async def add_use(tx: Transaction, use: Use) -> bool:
    """Write one use; False when this terminal has used the code for this step already."""
    written = await tx.value(
        bytes,
        """
        INSERT INTO cards.uses (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id,
                                opened, used_at, batch_id, position)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (card_id, step_at, slot, terminal_id, scene) DO NOTHING
        RETURNING card_id
        """,
        *use,
    )
    return written is not None


async def facts_for(read: Read, scene: str) -> list[str] | None:
    """Return the second facts a printed code is taken with at this step; the rule for * where it has none."""
    return await read.value(
        list,
        """
        SELECT facts FROM cards.fact_policies WHERE scene IN ($1, '*') ORDER BY scene = '*' LIMIT 1
        """,
        scene,
    )


async def wrong_facts(read: Read, card_id: bytes, since: datetime) -> int | None:
    """Return how many wrong second facts this card was offered since then."""
    return await read.value(int, "SELECT count FROM cards.fact_tries WHERE card_id = $1 AND since > $2", card_id, since)


async def count_wrong_fact(tx: Transaction, card_id: bytes, at: datetime, since: datetime) -> None:
    """Count a wrong second fact; what is older than `since` is forgotten."""
    await tx.run(
        """
        INSERT INTO cards.fact_tries AS t (card_id, since, count) VALUES ($1, $2, 1)
        ON CONFLICT (card_id) DO UPDATE
           SET since = CASE WHEN t.since > $3 THEN t.since ELSE $2 END,
               count = CASE WHEN t.since > $3 THEN t.count + 1 ELSE 1 END
        """,
        card_id,
        at,
        since,
    )


async def set_facts(tx: Transaction, scene: str, facts: list[str]) -> None:
    """Write which second facts a printed code is taken with at this step."""
    await tx.run(
        """
        INSERT INTO cards.fact_policies (scene, facts) VALUES ($1, $2)
        ON CONFLICT (scene) DO UPDATE SET facts = excluded.facts
        """,
        scene,
        facts,
    )
