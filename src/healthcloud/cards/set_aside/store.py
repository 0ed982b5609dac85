"""Every statement about cards set aside."""

from healthcloud.cards.set_aside.model import SetAside
from healthcloud.core.db import Read, Transaction


async def keep(tx: Transaction, row: SetAside) -> None:
    """Keep what a card was; what was kept before of the same card has been given back."""
    await tx.run(
        """
        INSERT INTO cards.set_aside
               (card_id, stands_for, status, reason, kind, deadline, became, aliases, phones, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (card_id) DO UPDATE
           SET stands_for = excluded.stands_for, status = excluded.status, reason = excluded.reason,
               kind = excluded.kind, deadline = excluded.deadline, became = excluded.became,
               aliases = excluded.aliases, phones = excluded.phones, at = excluded.at
        """,
        row.card_id,
        row.stands_for,
        row.status,
        row.reason,
        row.kind,
        row.deadline,
        row.became,
        row.aliases,
        row.phones,
        row.at,
    )


async def kept(read: Read, card_id: bytes) -> SetAside | None:
    """Return what a card was when it came to stand for another."""
    return await read.one(
        SetAside,
        """
        SELECT card_id, stands_for, status, reason, kind, deadline, became, aliases, phones, at
          FROM cards.set_aside WHERE card_id = $1
        """,
        card_id,
    )


async def forget(tx: Transaction, card_id: bytes) -> None:
    """Forget what a card was, once it is so again."""
    await tx.run("DELETE FROM cards.set_aside WHERE card_id = $1", card_id)
