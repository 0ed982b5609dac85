"""Every statement that reads uses."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.uses.model import LateUse, Place, Use, UseLine
from healthcloud.core.db import Read


class UseInBatch(NamedTuple):
    """A use as others are told of it."""

    institution_id: UUID
    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    used_at: datetime


async def uses_of_batches(
    read: Read, batch_ids: list[UUID], since: datetime, until: datetime, reach: tuple[datetime, datetime]
) -> list[UseInBatch]:
    """Return the uses of batches; `since` and `until` bound when they were made, `reach` their codes' minutes."""
    return await read.all(
        UseInBatch,
        """
        SELECT institution_id, card_id, step_at, slot, terminal_id, scene, used_at
          FROM cards.uses
         WHERE used_at >= $2 AND used_at <= $3 AND step_at >= $4 AND step_at <= $5 AND batch_id = ANY ($1)
           AND mark IS NULL
        """,
        batch_ids,
        since,
        until,
        *reach,
    )


async def uses_of(read: Read, card_ids: Sequence[bytes], before: Place, limit: int) -> list[UseLine]:
    """Return the uses of a card and its aliases, newest first, before a place in the list."""
    return await read.all(
        UseLine,
        """
        SELECT u.card_id, u.step_at, u.slot, u.terminal_id, u.scene, u.institution_id, i.name AS institution,
               t.name AS terminal, u.opened, u.used_at, u.batch_id, u.position, u.received_at, u.mark
          FROM (SELECT card_id, step_at, slot, terminal_id, scene, institution_id, opened, used_at, batch_id, position,
                       received_at, mark
                  FROM cards.uses
                 WHERE card_id = ANY($1) AND (used_at, batch_id, position) < ($2, $3, $4)
                 ORDER BY used_at DESC, batch_id DESC, position DESC
                 LIMIT $5) u
          LEFT JOIN institutions.institutions i ON i.id = u.institution_id
          LEFT JOIN institutions.terminals t ON t.id = u.terminal_id
         ORDER BY u.used_at DESC, u.batch_id DESC, u.position DESC
        """,
        list(card_ids),
        *before,
        limit,
    )


async def reported_of(read: Read, card_ids: Sequence[bytes], before: Place, limit: int) -> list[UseLine]:
    """Return the reported uses of a card and its aliases that no verified one stands for, as lines of its log."""
    return await read.all(
        UseLine,
        """
        SELECT r.card_id, r.used_at AS step_at, -1::int2 AS slot, r.id AS terminal_id, r.scene, r.institution_id,
               i.name AS institution, r.terminal_told AS terminal, false AS opened, r.used_at, r.id AS batch_id,
               0 AS position, r.received_at, 'reported' AS mark
          FROM (SELECT card_id, used_at, id, scene, institution_id, terminal_told, received_at
                  FROM cards.reported_uses
                 WHERE card_id = ANY ($1) AND (used_at, id, 0) < ($2, $3, $4) AND use_id IS NULL
                 ORDER BY used_at DESC, id DESC
                 LIMIT $5) AS r
          LEFT JOIN institutions.institutions AS i ON i.id = r.institution_id
         ORDER BY r.used_at DESC, r.id DESC
        """,
        list(card_ids),
        *before,
        limit,
    )


async def card_ids_of(read: Read, card_id: bytes) -> list[bytes]:
    """Return a card's id and those that stand for it."""
    return await read.values(
        bytes, "SELECT $1::bytea UNION ALL SELECT alias_id FROM cards.aliases WHERE card_id = $1", card_id
    )


async def uses_between(read: Read, since: datetime, until: datetime, reach: datetime) -> list[Use]:
    """Return the uses made at once in a span of time, by batch; `reach` is the earliest minute of their codes."""
    return await read.all(
        Use,
        """
        SELECT card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id, opened, used_at,
               batch_id, position
          FROM cards.uses
         WHERE used_at >= $1 AND used_at < $2 AND step_at >= $3 AND received_at IS NULL
         ORDER BY batch_id, position
        """,
        since,
        until,
        reach,
    )


async def late_between(read: Read, since: datetime, until: datetime) -> list[LateUse]:
    """Return the uses told of late in a span of time."""
    return await read.all(
        LateUse,
        """
        SELECT card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id, opened, used_at,
               batch_id, position, received_at, mark
          FROM cards.uses
         WHERE received_at >= $1 AND received_at < $2
        """,
        since,
        until,
    )
