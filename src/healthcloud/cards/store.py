"""Every statement about cards, their holders, aliases and history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.cards.model import HIGHEST_EPOCH, Card, HistoryLine
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class FrontRow(Card):
    """A card with its last use, its live phones, since which minute it certifies them, and its holder as asked for."""

    used_at: datetime | None
    used_where: str | None
    phones: list[UUID]
    certified_from: int
    holder_id: UUID


async def claim_holder(tx: Transaction, person_id: UUID, card_id: bytes) -> bytes | None:
    """
    Make this person the holder of this card id, or return the id they hold already.

    DO UPDATE waits for a racing claim and sees its winner; DO NOTHING would show nothing.
    """
    return await tx.value(
        bytes,
        """
        INSERT INTO cards.holders AS h (person_id, card_id) VALUES ($1, $2)
        ON CONFLICT (person_id) DO UPDATE SET card_id = h.card_id
        RETURNING card_id
        """,
        person_id,
        card_id,
    )


async def claim_holders(tx: Transaction, person_ids: list[UUID], card_ids: list[bytes]) -> list[bytes]:
    """Make persons who hold no card the holders of the card ids beside them, in their order; return those ids."""
    return await tx.values(
        bytes,
        """
        INSERT INTO cards.holders (person_id, card_id)
        SELECT person_id, card_id
          FROM unnest($1::uuid[], $2::bytea[]) AS new (person_id, card_id)
         ORDER BY person_id
        ON CONFLICT (person_id) DO NOTHING
        RETURNING card_id
        """,
        person_ids,
        card_ids,
    )


async def add_prepared(tx: Transaction, card_ids: list[bytes], person_ids: list[UUID], mode: int, at: datetime) -> None:
    """Write new standard cards that wait for their holders to activate them (status 4)."""
    await tx.run(
        """
        INSERT INTO cards.cards (id, person_id, alias_of, status, reason, kind, epoch, deadline, mode, version,
                                 created_at, changed_at)
        SELECT id, person_id, NULL, 4, NULL, 'standard', 0, NULL, $3, 1, $4, $4
          FROM unnest($1::bytea[], $2::uuid[]) AS new (id, person_id)
        """,
        card_ids,
        person_ids,
        mode,
        at,
    )


async def add_preparations(
    tx: Transaction, caller: Caller, card_ids: list[bytes], line_ids: list[UUID], at: datetime
) -> None:
    """Keep that these cards were made ahead: from unissued (5) to prepared (4)."""
    await tx.run(
        """
        INSERT INTO cards.history (card_id, id, at, change, before, after, reason, account_id, institution_id)
        SELECT card_id, id, $3, 'prepare', 5, 4, NULL, $4, $5
          FROM unnest($1::bytea[], $2::uuid[]) AS new (card_id, id)
        """,
        card_ids,
        line_ids,
        at,
        caller.account_id,
        caller.institution_id,
    )


@dataclass(frozen=True, slots=True)
class HeldStatus:
    """The status of the card somebody holds, of an alias that of the card it stands for."""

    person_id: UUID
    status: int


async def statuses(read: Read, person_ids: list[UUID]) -> list[HeldStatus]:
    """Return the statuses of the cards these canonical persons hold."""
    return await read.all(
        HeldStatus,
        """
        SELECT h.person_id, c.status
          FROM cards.holders AS h
          JOIN cards.cards AS held ON held.id = h.card_id
          JOIN cards.cards AS c ON c.id = COALESCE(held.alias_of, held.id)
         WHERE h.person_id = ANY ($1::uuid[])
        """,
        person_ids,
    )


async def release_holder(tx: Transaction, person_id: UUID, card_id: bytes) -> None:
    """Let this person apply for another card."""
    await tx.run("DELETE FROM cards.holders WHERE person_id = $1 AND card_id = $2", person_id, card_id)


async def held_card_id(read: Read, person_id: UUID) -> bytes | None:
    """Return the id of the card this person holds."""
    return await read.value(bytes, "SELECT card_id FROM cards.holders WHERE person_id = $1", person_id)


async def add_card(tx: Transaction, card: Card) -> None:
    """Write a new card, or a new alias."""
    await tx.run(
        """
        INSERT INTO cards.cards (id, person_id, alias_of, status, reason, kind, epoch, deadline, mode, version,
                                 created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        card.id,
        card.person_id,
        card.alias_of,
        card.status,
        card.reason,
        card.kind,
        card.epoch,
        card.deadline,
        card.mode,
        card.version,
        card.created_at,
        card.changed_at,
    )


async def find_card(read: Read, card_id: bytes) -> Card | None:
    """Return the card, or the alias, with this id."""
    return await read.one(
        Card,
        """
        SELECT id, person_id, alias_of, status, reason, kind, epoch, deadline, mode, version, created_at, changed_at
          FROM cards.cards WHERE id = $1
        """,
        card_id,
    )


async def front_rows(read: Read, person_ids: list[UUID]) -> list[FrontRow]:
    """Return the cards these canonical persons hold, no aliases, with their last uses under whichever of their ids."""
    return await read.all(
        FrontRow,
        """
        SELECT c.id, c.person_id, c.alias_of, c.status, c.reason, c.kind, c.epoch, c.deadline, c.mode, c.version,
               c.created_at, c.changed_at, u.used_at, i.name AS used_where,
               ARRAY (SELECT s.id FROM cards.slots AS s WHERE s.card_id = c.id AND s.removed_at IS NULL) AS phones,
               COALESCE((SELECT r.void_before FROM cards.revocations AS r WHERE r.card_id = c.id AND r.slot = 0), 0)
                   AS certified_from,
               h.person_id AS holder_id
          FROM cards.holders AS h
          JOIN cards.cards AS held ON held.id = h.card_id
          JOIN cards.cards AS c ON c.id = COALESCE(held.alias_of, held.id)
          LEFT JOIN LATERAL (
               SELECT one.used_at, one.institution_id
                 FROM cards.uses AS one
                WHERE one.card_id = ANY (
                      SELECT c.id UNION ALL SELECT a.alias_id FROM cards.aliases AS a WHERE a.card_id = c.id)
                ORDER BY one.used_at DESC
                LIMIT 1) AS u ON true
          LEFT JOIN institutions.institutions AS i ON i.id = u.institution_id
         WHERE h.person_id = ANY ($1::uuid[])
        """,
        person_ids,
    )


async def lock_card(tx: Transaction, card_id: bytes) -> Card | None:
    """Return the card with this id and let nobody else change it until this transaction ends."""
    return await tx.one(
        Card,
        """
        SELECT id, person_id, alias_of, status, reason, kind, epoch, deadline, mode, version, created_at, changed_at
          FROM cards.cards WHERE id = $1 FOR UPDATE
        """,
        card_id,
    )


async def write_change(
    tx: Transaction, card_ids: list[bytes], card: Card, at: datetime, *, raise_epoch: bool
) -> Card | None:
    """Write status, reason, kind and deadline of a card to itself and its aliases; return the card as it is now."""
    changed = await tx.all(
        Card,
        """
        UPDATE cards.cards
           SET status = $2, reason = $3, kind = $4, deadline = $5, version = version + 1, changed_at = $6,
               epoch = CASE WHEN $7 THEN LEAST(epoch + 1, $8) ELSE epoch END
         WHERE id = ANY($1)
        RETURNING id, person_id, alias_of, status, reason, kind, epoch, deadline, mode, version, created_at, changed_at
        """,
        card_ids,
        card.status,
        card.reason,
        card.kind,
        card.deadline,
        at,
        raise_epoch,
        HIGHEST_EPOCH,
    )
    return next((one for one in changed if one.id == card.id), None)


async def alias_ids(read: Read, card_id: bytes) -> list[bytes]:
    """Return the other ids of a card."""
    return await read.values(bytes, "SELECT alias_id FROM cards.aliases WHERE card_id = $1 ORDER BY alias_id", card_id)


async def add_alias(tx: Transaction, card_id: bytes, alias_ids: list[bytes]) -> None:
    """Note other ids of a card."""
    await tx.run(
        """
        INSERT INTO cards.aliases (card_id, alias_id) SELECT $1, alias_id FROM unnest($2::bytea[]) AS a (alias_id)
        ON CONFLICT (card_id, alias_id) DO NOTHING
        """,
        card_id,
        alias_ids,
    )


async def forget_aliases(tx: Transaction, card_id: bytes) -> None:
    """Forget the other ids of a card that has itself become an alias."""
    await tx.run("DELETE FROM cards.aliases WHERE card_id = $1", card_id)


async def drop_alias(tx: Transaction, card_id: bytes, alias_id: bytes) -> None:
    """Forget one other id of a card."""
    await tx.run("DELETE FROM cards.aliases WHERE card_id = $1 AND alias_id = $2", card_id, alias_id)


async def point_aliases(tx: Transaction, ids: list[bytes], card_id: bytes | None) -> None:
    """Have cards stand for another card, or for themselves again."""
    await tx.run("UPDATE cards.cards SET alias_of = $2 WHERE id = ANY($1)", ids, card_id)


async def add_history(
    tx: Transaction, caller: Caller, card_id: bytes, row: tuple[UUID, datetime, str, int | None, int, str | None]
) -> None:
    """Keep one change: id, time, what, status before and after, why."""
    await tx.run(
        """
        INSERT INTO cards.history (card_id, id, at, change, before, after, reason, account_id, institution_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        card_id,
        *row,
        caller.account_id,
        caller.institution_id,
    )


async def history_of(read: Read, card_id: bytes) -> list[HistoryLine]:
    """Return the changes of a card, the newest first."""
    return await read.all(
        HistoryLine,
        """
        SELECT at, change, before, after, reason, account_id, institution_id
          FROM cards.history WHERE card_id = $1 ORDER BY at DESC, id DESC LIMIT 200
        """,
        card_id,
    )
