"""Every statement about what is void and the lists that tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from healthcloud.cards.offline.model import Published, Voided
from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class TrustRow:
    """A trust list as it was published; `content` is the digest of what it says beside number and times."""

    number: int
    issued_at: datetime
    content: bytes
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lists stand: the newest delta, the newest snapshot, and what no delta has told of yet."""

    number: int | None
    issued_at: datetime | None
    snapshot: int | None
    entries: int | None
    trust: int | None
    waiting: int


async def note(
    tx: Transaction,
    card_ids: Sequence[bytes],
    slots: Sequence[int],
    change: tuple[bool | None, int],
    at: datetime,
) -> None:
    """Note for each card and slot whether it is stopped (None: as it was) and before which minute all is void."""
    await tx.run(
        """
        INSERT INTO cards.revocations AS r (card_id, slot, stopped, void_before, changed_at, number)
        SELECT card_id, slot, COALESCE($3::boolean, false), $4::bigint, $5::timestamptz, NULL
          FROM unnest($1::bytea[], $2::int2[]) AS new (card_id, slot)
         ORDER BY card_id, slot
        ON CONFLICT (card_id, slot) DO UPDATE
           SET stopped = COALESCE($3::boolean, r.stopped), void_before = GREATEST(r.void_before, excluded.void_before),
               changed_at = excluded.changed_at, number = NULL
        """,
        list(card_ids),
        list(slots),
        *change,
        at,
    )


async def void_before(read: Read, card_id: bytes, slot: int) -> int | None:
    """Return the minute before which certificates of this card's phone are void; None where none ever was."""
    return await read.value(
        int, "SELECT max(void_before) FROM cards.revocations WHERE card_id = $1 AND slot IN (0, $2)", card_id, slot
    )


async def claim(tx: Transaction, number: int, limit: int) -> list[Voided]:
    """
    Give what no delta has told of yet to the delta of this number.

    A row that is just being changed is passed over: its change makes it wait again, and the next delta tells it.
    """
    return await tx.all(
        Voided,
        """
        WITH due AS MATERIALIZED (
            SELECT card_id, slot FROM cards.revocations
             WHERE number IS NULL
             ORDER BY changed_at
             LIMIT $2
               FOR UPDATE SKIP LOCKED
        )
        UPDATE cards.revocations AS r SET number = $1
          FROM due WHERE r.card_id = due.card_id AND r.slot = due.slot
        RETURNING r.card_id, r.slot, r.stopped, r.void_before
        """,
        number,
        limit,
    )


async def voided_since(read: Read, since: datetime) -> list[Voided]:
    """Return all that a certificate still alive may be void by, told of or not."""
    return await read.all(
        Voided,
        """
        SELECT card_id, slot, stopped, void_before
          FROM cards.revocations
         WHERE changed_at > $1 AND (stopped OR void_before > 0)
        """,
        since,
    )


async def forget_voided(tx: Transaction, until: datetime) -> int:
    """Forget what no certificate alive can be void by any more, once it has been told."""
    return await tx.run("DELETE FROM cards.revocations WHERE changed_at <= $1 AND number IS NOT NULL", until)


async def add_delta(tx: Transaction, delta: Published) -> None:
    """Keep a delta; of two publishers with the same number one fails by the primary key."""
    await tx.run(
        "INSERT INTO cards.revocation_deltas (number, issued_at, entries, body) VALUES ($1, $2, $3, $4)", *delta
    )


async def add_snapshot(tx: Transaction, snapshot: Published) -> None:
    """Keep a snapshot."""
    await tx.run(
        "INSERT INTO cards.revocation_snapshots (number, issued_at, entries, body) VALUES ($1, $2, $3, $4)", *snapshot
    )


async def add_trust(tx: Transaction, row: TrustRow) -> None:
    """Keep a trust list."""
    await tx.run(
        "INSERT INTO cards.trust_lists (number, issued_at, content, body) VALUES ($1, $2, $3, $4)",
        row.number,
        row.issued_at,
        row.content,
        row.body,
    )


async def newest_delta(read: Read) -> Published | None:
    """Return the newest delta."""
    return await read.one(
        Published,
        "SELECT number, issued_at, entries, body FROM cards.revocation_deltas ORDER BY number DESC LIMIT 1",
    )


async def newest_snapshot(read: Read) -> Published | None:
    """Return the newest snapshot."""
    return await read.one(
        Published,
        "SELECT number, issued_at, entries, body FROM cards.revocation_snapshots ORDER BY number DESC LIMIT 1",
    )


async def newest_trust(read: Read) -> TrustRow | None:
    """Return the newest trust list."""
    return await read.one(
        TrustRow, "SELECT number, issued_at, content, body FROM cards.trust_lists ORDER BY number DESC LIMIT 1"
    )


async def deltas_after(read: Read, number: int, limit: int) -> list[Published]:
    """Return the deltas after this one, in their order."""
    return await read.all(
        Published,
        """
        SELECT number, issued_at, entries, body
          FROM cards.revocation_deltas WHERE number > $1 ORDER BY number LIMIT $2
        """,
        number,
        limit,
    )


async def forget_deltas(tx: Transaction, number: int) -> None:
    """Forget deltas up to this one."""
    await tx.run("DELETE FROM cards.revocation_deltas WHERE number <= $1", number)


async def forget_snapshots(tx: Transaction, number: int) -> None:
    """Forget snapshots before this one."""
    await tx.run("DELETE FROM cards.revocation_snapshots WHERE number < $1", number)


async def forget_trust(tx: Transaction, number: int) -> None:
    """Forget trust lists before this one."""
    await tx.run("DELETE FROM cards.trust_lists WHERE number < $1", number)


async def standing(read: Read, now: datetime) -> Standing | None:
    """Return how the lists stand."""
    return await read.one(
        Standing,
        """
        SELECT d.number, d.issued_at, s.number AS snapshot, s.entries, t.number AS trust,
               (SELECT count(*) FROM cards.revocations WHERE number IS NULL AND changed_at <= $1) AS waiting
          FROM (SELECT 1) AS always
          LEFT JOIN LATERAL (
               SELECT number, issued_at FROM cards.revocation_deltas ORDER BY number DESC LIMIT 1) AS d ON true
          LEFT JOIN LATERAL (
               SELECT number, entries FROM cards.revocation_snapshots ORDER BY number DESC LIMIT 1) AS s ON true
          LEFT JOIN LATERAL (SELECT number FROM cards.trust_lists ORDER BY number DESC LIMIT 1) AS t ON true
        """,
        now,
    )
