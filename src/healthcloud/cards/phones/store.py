"""Every statement about the phones of a card."""

from datetime import datetime
from uuid import UUID

from healthcloud.cards.phones.model import Phone
from healthcloud.core.db import Read, Transaction


async def phones_of(read: Read, card_id: bytes) -> list[Phone]:
    """Return every slot a card ever gave out, removed ones too."""
    return await read.all(
        Phone,
        """
        SELECT card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at, removed_at
          FROM cards.slots WHERE card_id = $1 ORDER BY slot
        """,
        card_id,
    )


async def place_phone(tx: Transaction, phone: Phone) -> None:
    """Put a phone into a slot, new or formerly another's."""
    await tx.run(
        """
        INSERT INTO cards.slots (card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at, removed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (card_id, slot) DO UPDATE
           SET id = excluded.id, epoch = excluded.epoch, label = excluded.label, account_id = excluded.account_id,
               keeper_id = excluded.keeper_id, enrolled_at = excluded.enrolled_at, removed_at = excluded.removed_at
        """,
        phone.card_id,
        phone.slot,
        phone.id,
        phone.epoch,
        phone.label,
        phone.account_id,
        phone.keeper_id,
        phone.enrolled_at,
        phone.removed_at,
    )


async def claim_key(tx: Transaction, key_hash: bytes, phone_id: UUID, at: datetime) -> UUID | None:
    """Keep that this key is this phone's since now, or return whose it is; DO UPDATE waits for a racing claim."""
    return await tx.value(
        UUID,
        """
        INSERT INTO cards.phone_keys AS k (key_hash, phone_id, at) VALUES ($1, $2, $3)
        ON CONFLICT (key_hash) DO UPDATE
           SET at = CASE WHEN k.phone_id = excluded.phone_id THEN excluded.at ELSE k.at END
        RETURNING phone_id
        """,
        key_hash,
        phone_id,
        at,
    )


async def forget_keys(tx: Transaction, until: datetime, limit: int) -> int:
    """Forget keys that were certified last before an instant; return how many."""
    return await tx.run(
        """
        DELETE FROM cards.phone_keys AS k
         USING (SELECT key_hash FROM cards.phone_keys WHERE at < $1 ORDER BY at LIMIT $2) AS old
         WHERE k.key_hash = old.key_hash
        """,
        until,
        limit,
    )


async def remove_phones(tx: Transaction, card_id: bytes, ids: list[UUID], at: datetime) -> list[Phone]:
    """Remove live phones and raise their slots' epochs; return those that were live."""
    return await tx.all(
        Phone,
        """
        UPDATE cards.slots SET epoch = epoch + 1, removed_at = $3
         WHERE card_id = $1 AND id = ANY($2) AND removed_at IS NULL
        RETURNING card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at, removed_at
        """,
        card_id,
        ids,
        at,
    )


async def put_back_phones(tx: Transaction, card_id: bytes, ids: list[UUID]) -> list[Phone]:
    """Put removed phones back with the epochs they had, so that the secrets they keep are good again."""
    return await tx.all(
        Phone,
        """
        UPDATE cards.slots SET epoch = epoch - 1, removed_at = NULL
         WHERE card_id = $1 AND id = ANY($2) AND removed_at IS NOT NULL
        RETURNING card_id, slot, id, epoch, label, account_id, keeper_id, enrolled_at, removed_at
        """,
        card_id,
        ids,
    )
