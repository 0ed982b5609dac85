"""Every statement about uses told of late."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.late.model import Claim, Stood
from healthcloud.cards.uses.model import LateUse
from healthcloud.core.db import Read, Transaction

# A dynamic code has no certificate, so none of its is void.
NEVER_VOID = (1 << 63) - 1


class ItemKnown(NamedTuple):
    """An item's id with the evidence and the time of who gave it first."""

    id: UUID
    evidence: bytes
    received_at: datetime


class Bound(NamedTuple):
    """Which institution took a code first."""

    card_id: bytes
    step_at: datetime
    slot: int
    institution_id: UUID


class Marked(NamedTuple):
    """What was wrong with a late use, if anything."""

    mark: str | None


class Written(NamedTuple):
    """A use that was not there before."""

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str


async def stood(read: Read, claims: Sequence[Claim]) -> list[Stood]:
    """Return how card and phone of each claim stood when it was scanned, in their order."""
    return await read.all(
        Stood,
        """
        SELECT c.person_id,
               (SELECT h.after FROM cards.history AS h
                 WHERE h.card_id = COALESCE(c.alias_of, c.id) AND h.at <= a.scanned_at
                 ORDER BY h.at DESC, h.id DESC LIMIT 1) AS status,
               a.slot > 0 AND (s.card_id IS NULL
                   OR (s.epoch <> a.epoch AND COALESCE(s.removed_at, s.enrolled_at) <= a.scanned_at)) AS gone,
               EXISTS (SELECT 1 FROM cards.revocations AS r
                        WHERE r.card_id = a.card_id AND r.slot IN (0, a.slot) AND a.issued < r.void_before
                          AND to_timestamp(r.void_before * 60) <= a.scanned_at) AS voided,
               COALESCE(c.deadline <= a.scanned_at, false) AS ended
          FROM unnest($1::bytea[], $2::int2[], $3::int4[], $4::timestamptz[], $5::int8[])
               WITH ORDINALITY AS a (card_id, slot, epoch, scanned_at, issued, n)
          LEFT JOIN cards.cards AS c ON c.id = a.card_id
          LEFT JOIN cards.slots AS s ON s.card_id = a.card_id AND s.slot = a.slot
         ORDER BY a.n
        """,
        [one.ask.card_id for one in claims],
        [one.ask.slot for one in claims],
        [one.ask.epoch for one in claims],
        [one.item.scanned_at for one in claims],
        [NEVER_VOID if one.issued is None else one.issued for one in claims],
    )


async def claim_items(
    tx: Transaction, institution_id: UUID, claims: Sequence[Claim], received_at: datetime
) -> list[ItemKnown]:
    """Keep these items' ids, or return whose they are already; DO UPDATE waits for a racing upload and sees its."""
    return await tx.all(
        ItemKnown,
        """
        INSERT INTO cards.late_items AS i (institution_id, id, evidence, received_at)
        SELECT $1, id, evidence, $4 FROM unnest($2::uuid[], $3::bytea[]) AS new (id, evidence) ORDER BY id
        ON CONFLICT (institution_id, id) DO UPDATE SET evidence = i.evidence
        RETURNING id, evidence, received_at
        """,
        institution_id,
        [one.item.id for one in claims],
        [one.item.evidence for one in claims],
        received_at,
    )


async def bind(tx: Transaction, institution_id: UUID, claims: Sequence[Claim]) -> list[Bound]:
    """Bind these codes to the institution where nobody has, in the order of their keys; return whose each is."""
    return await tx.all(
        Bound,
        """
        INSERT INTO cards.bindings AS b (card_id, step_at, slot, institution_id)
        SELECT DISTINCT card_id, step_at, slot, $1::uuid
          FROM unnest($2::bytea[], $3::timestamptz[], $4::int2[]) AS new (card_id, step_at, slot)
         ORDER BY card_id, step_at, slot
        ON CONFLICT (card_id, step_at, slot) DO UPDATE SET institution_id = b.institution_id
        RETURNING card_id, step_at, slot, institution_id
        """,
        institution_id,
        [one.ask.card_id for one in claims],
        [one.step_at for one in claims],
        [one.ask.slot for one in claims],
    )


async def add_uses(tx: Transaction, uses: Sequence[LateUse]) -> list[Written]:
    """Write uses in the order of their keys; return those that were not there before."""
    return await tx.all(
        Written,
        """
        INSERT INTO cards.uses (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id,
                                opened, used_at, batch_id, position, received_at, mark)
        SELECT card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id, opened, used_at,
               batch_id, position, received_at, mark
          FROM unnest($1::bytea[], $2::timestamptz[], $3::int2[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[],
                      $8::uuid[], $9::bool[], $10::timestamptz[], $11::uuid[], $12::int4[], $13::timestamptz[],
                      $14::text[])
               AS new (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id, opened,
                       used_at, batch_id, position, received_at, mark)
         ORDER BY card_id, step_at, slot, terminal_id, scene
        ON CONFLICT (card_id, step_at, slot, terminal_id, scene) DO NOTHING
        RETURNING card_id, step_at, slot, terminal_id, scene
        """,
        *([use[n] for use in uses] for n in range(len(LateUse._fields))),
    )


async def marks_of(read: Read, claims: Sequence[Claim]) -> list[Marked]:
    """Return the mark each of these uses has, in their order; of one that is not there, too, it is None."""
    return await read.all(
        Marked,
        """
        SELECT u.mark
          FROM unnest($1::bytea[], $2::timestamptz[], $3::int2[], $4::uuid[], $5::text[])
               WITH ORDINALITY AS a (card_id, step_at, slot, terminal_id, scene, n)
          LEFT JOIN cards.uses AS u
            ON u.card_id = a.card_id AND u.step_at = a.step_at AND u.slot = a.slot AND u.terminal_id = a.terminal_id
           AND u.scene = a.scene
         ORDER BY a.n
        """,
        [one.ask.card_id for one in claims],
        [one.step_at for one in claims],
        [one.ask.slot for one in claims],
        [one.ask.spot.terminal_id for one in claims],
        [one.ask.spot.scene for one in claims],
    )


async def forget_items(tx: Transaction, until: datetime, limit: int) -> int:
    """Forget ids of items so old that an upload of one is refused for its age; return how many."""
    return await tx.run(
        """
        DELETE FROM cards.late_items AS i
         USING (SELECT institution_id, id FROM cards.late_items WHERE received_at < $1
                 ORDER BY received_at LIMIT $2) AS old
         WHERE i.institution_id = old.institution_id AND i.id = old.id
        """,
        until,
        limit,
    )
