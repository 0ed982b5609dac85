"""
Noting what makes certificates void, in the transaction that makes it so: the next delta tells every reader.

Online a stopped card or a removed phone is refused at the next scan by its status and epoch; this is for readers that
ask nobody.
"""

from collections.abc import Sequence

from healthcloud.cards.offline import store
from healthcloud.cards.offline.model import minute_of
from healthcloud.core.db import Transaction

EVERY_PHONE = 0


async def stand(tx: Transaction, card_ids: Sequence[bytes], *, stopped: bool) -> None:
    """Note that nothing of these cards is good while they are stopped, or that what was good before is again."""
    await store.note(tx, card_ids, [EVERY_PHONE] * len(card_ids), (stopped, 0), tx.clock.now())


async def void(tx: Transaction, card_id: bytes, slots: Sequence[int] = (EVERY_PHONE,)) -> None:
    """
    Note that the certificates these phones have are void for good: the phone is gone, or what they say is wrong.

    One issued later in the same minute bears the next minute's number (`phones.certificates`), so that it is not void.
    """
    if slots:
        now = tx.clock.now()
        await store.note(tx, [card_id] * len(slots), slots, (None, minute_of(now) + 1), now)
