"""The statement every scan is, and the few around it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.uses.model import Use
from healthcloud.cards.verification.model import Ask, Looked, Spot
from healthcloud.core.db import Read, Transaction

# Stands for the key of a signed-in person, who has none: an array of uuid is read by place only without NULL in it.
NO_KEY = UUID(int=0)


async def check_and_use(
    tx: Transaction, asks: Sequence[Ask], spots: Mapping[Spot, int], at: datetime, batch_id: UUID
) -> list[Looked]:
    """
    Look at every card, bind its code to the institution, write the use; one row per ask, in their order.

    `asks` have different keys, and `spots` numbers theirs from 1 in its own order. `DO UPDATE` is how the loser of a
    race sees the winner: `DO NOTHING` would return no row. Results of the writes are matched by place in an array,
    never by a join, which would be quadratic.
    """
    return await tx.all(
        Looked,
        """
        WITH live AS MATERIALIZED (
            SELECT array_agg(
                       CASE WHEN p.key_id <> $14 AND (k.id IS NULL OR k.revoked_at IS NOT NULL OR k.expires_at <= $12)
                            THEN 1
                            WHEN t.state IS DISTINCT FROM 'active' OR t.institution_id <> p.institution_id
                                 OR t.client_id <> p.account_id
                            THEN 2
                            ELSE 0 END ORDER BY p.n) AS faults
              FROM unnest($7::uuid[], $9::uuid[], $10::uuid[], $11::uuid[])
                   WITH ORDINALITY AS p (terminal_id, institution_id, account_id, key_id, n)
              LEFT JOIN access.client_keys k ON k.id = p.key_id
              LEFT JOIN institutions.terminals t ON t.id = p.terminal_id
        ), asked AS MATERIALIZED (
            SELECT a.n, a.card_id, to_timestamp(a.step * 60) AS step_at, a.slot, a.spot, c.person_id, c.alias_of,
                   c.status, c.reason, c.kind, c.deadline, f.fault, g.fit,
                   count(*) FILTER (WHERE g.fit) OVER (ORDER BY a.card_id, a.step, a.slot) AS place
              FROM unnest($1::bytea[], $2::int8[], $3::int2[], $4::int4[], $5::int4[], $6::bool[])
                   WITH ORDINALITY AS a (card_id, step, slot, epoch, spot, held, n)
              LEFT JOIN cards.cards c ON c.id = a.card_id
              LEFT JOIN cards.slots s
                     ON a.slot > 0 AND s.card_id = a.card_id AND s.slot = a.slot AND s.removed_at IS NULL
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN ((SELECT faults FROM live))[a.spot] > 0 THEN ((SELECT faults FROM live))[a.spot]
                               WHEN a.epoch = CASE WHEN a.slot = 0 THEN c.epoch ELSE s.epoch END THEN 0
                               ELSE 3 END AS fault
                   ) f
             CROSS JOIN LATERAL (
                   SELECT f.fault = 0 AND NOT a.held AND c.status = 1 AND COALESCE(c.deadline > $12, true) AS fit
                   ) g
        ), bound AS (
            INSERT INTO cards.bindings AS b (card_id, step_at, slot, institution_id)
            SELECT card_id, step_at, slot, ($9::uuid[])[spot] FROM asked WHERE fit ORDER BY card_id, step_at, slot
            ON CONFLICT (card_id, step_at, slot) DO UPDATE SET institution_id = b.institution_id
            RETURNING card_id, step_at, slot, institution_id
        ), used AS (
            INSERT INTO cards.uses (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id,
                                    opened, used_at, batch_id, position)
            SELECT card_id, step_at, slot, ($7::uuid[])[spot], ($8::text[])[spot], ($9::uuid[])[spot], person_id,
                   ($10::uuid[])[spot], ($15::bool[])[spot], $12, $13, n - 1
              FROM asked
             WHERE fit
               AND ($9::uuid[])[spot]
                   = ((SELECT array_agg(institution_id ORDER BY card_id, step_at, slot) FROM bound))[place]
            ON CONFLICT (card_id, step_at, slot, terminal_id, scene) DO NOTHING
            RETURNING position
        )
        SELECT person_id, alias_of, status, reason, kind, deadline, fault,
               CASE WHEN fit
                    THEN ((SELECT array_agg(institution_id ORDER BY card_id, step_at, slot) FROM bound))[place]
                         = ($9::uuid[])[spot]
                    END AS ours,
               CASE WHEN n = 1 THEN (SELECT array_agg(position) FROM used) END AS written
          FROM asked ORDER BY n
        """,
        [ask[0] for ask in asks],
        [ask[1] for ask in asks],
        [ask[2] for ask in asks],
        [ask[3] for ask in asks],
        [spots[ask[4]] for ask in asks],
        [ask[5] is not None for ask in asks],
        [spot.terminal_id for spot in spots],
        [spot.scene for spot in spots],
        [spot.institution_id for spot in spots],
        [spot.account_id for spot in spots],
        [spot.key_id or NO_KEY for spot in spots],
        at,
        batch_id,
        NO_KEY,
        [spot.full for spot in spots],
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


class HeldCard(NamedTuple):
    """The card a person holds, as far as a code of it goes."""

    person_id: UUID
    card_id: bytes
    epoch: int


async def held_by(read: Read, person_ids: list[UUID]) -> list[HeldCard]:
    """Return the cards these persons hold."""
    return await read.all(
        HeldCard,
        """
        SELECT h.person_id, h.card_id, c.epoch
          FROM cards.holders h
          JOIN cards.cards c ON c.id = h.card_id
         WHERE h.person_id = ANY($1)
        """,
        person_ids,
    )


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
