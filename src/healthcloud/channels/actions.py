"""Put a text on its way: it is written with whatever it tells of, and sent by a job after the COMMIT."""

from datetime import timedelta
from uuid import UUID

from healthcloud.channels import store
from healthcloud.channels.errors import NotAMobileNumber
from healthcloud.channels.model import LONGEST_TEXT, Channel, OutgoingText, TextState, masked_number, mobile_number
from healthcloud.core.background import Priority, enqueue
from healthcloud.core.crypto import Purpose, Use
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

SEAL = "channels.outgoing"
PURPOSES = (Purpose(SEAL, Use.SEAL),)
SENDING = "channels.send"
DAY = timedelta(days=1)


async def send_text(
    tx: Transaction,
    channel: Channel,
    address: str,
    text: str,
    *,
    reference: UUID | None = None,
    good_for: timedelta = DAY,
) -> UUID:
    """
    Have a text sent once this transaction has committed, and return its id.

    The same `reference` is one text, however often it is asked for. What has not been sent after `good_for` is not
    sent at all. Text and address are erased once it is sent, refused or too old. Raises NotAMobileNumber.
    """
    number = mobile_number(address)
    if number is None:
        raise NotAMobileNumber
    if not text or len(text) > LONGEST_TEXT:
        raise ValueError(len(text))
    now, text_id = tx.clock.now(), reference or new_id()
    outgoing = OutgoingText(
        text_id,
        channel,
        TextState.WAITING,
        masked_number(number),
        tx.vault.seal(SEAL, address_row(text_id), number.encode()),
        tx.vault.seal(SEAL, text_row(text_id), text.encode()),
        0,
        None,
        now,
        now + good_for,
        None,
    )
    if await store.add_text(tx, outgoing):
        await enqueue(tx, SENDING, {"id": str(text_id)}, priority=Priority.URGENT)
    return text_id


def address_row(text_id: UUID) -> bytes:
    """Return what a sealed address is bound to."""
    return text_id.bytes + b"address"


def text_row(text_id: UUID) -> bytes:
    """Return what a sealed text is bound to."""
    return text_id.bytes + b"text"
