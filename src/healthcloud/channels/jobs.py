"""Sending what waits, at least once with a reference by which the aggregator knows a repeat; and tidying up."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from healthcloud.channels import store
from healthcloud.channels.actions import SEAL, SENDING, address_row, text_row
from healthcloud.channels.model import OutgoingText, TextState
from healthcloud.channels.ports import SmsSender, TextRefused, TextUndelivered
from healthcloud.core.background import Body, JobKind, Recurring
from healthcloud.core.db import Database, Transaction
from healthcloud.core.metrics import counter

TEXTS = counter("healthcloud_texts", "Texts handed to a channel, by what became of them.", "channel", "outcome")
KEPT_FOR: Final = timedelta(days=183)  # who was written to when, half a year (网络安全法 第二十一条)
_FORGET_AT_ONCE = 5000


def sending(sms: SmsSender) -> JobKind:
    """Return the job that sends texts by this sender."""

    async def send(database: Database, body: Body) -> None:
        await _send(database, sms, UUID(body["id"]))

    return JobKind(
        SENDING,
        outside=send,
        batch=20,
        max_attempts=8,
        first_retry=timedelta(seconds=2),
        time_limit=timedelta(seconds=20),
    )


async def _send(database: Database, sms: SmsSender, text_id: UUID) -> None:
    async with database.read() as read:
        text = await store.text(read, text_id)
    if text is None or text.text_sealed is None or text.address_sealed is None:
        return
    if text.good_until <= database.clock.now():
        await _end(database, text, TextState.EXPIRED, None)
        return
    phone = database.vault.open(SEAL, address_row(text_id), text.address_sealed).decode()
    words = database.vault.open(SEAL, text_row(text_id), text.text_sealed).decode()
    try:
        await sms.send(phone, words, text_id.hex)
    except TextRefused as refusal:
        await _end(database, text, TextState.REFUSED, str(refusal))
    except TextUndelivered as failure:
        TEXTS.labels(text.channel, "undelivered").inc()
        told = str(failure)
        await database.transact(lambda tx: store.note_failure(tx, text_id, told))
        raise
    else:
        await _end(database, text, TextState.SENT, None)


async def _end(database: Database, text: OutgoingText, state: TextState, error: str | None) -> None:
    now = database.clock.now()
    await database.transact(lambda tx: store.end_text(tx, text.id, state, error, now))
    TEXTS.labels(text.channel, str(state)).inc()


async def tidy(tx: Transaction, _body: Body) -> None:
    """Erase texts whose time is over, and forget rows half a year old."""
    now = tx.clock.now()
    await store.expire_texts(tx, now)
    await store.forget_texts(tx, now - KEPT_FOR, _FORGET_AT_ONCE)


RECURRING = (Recurring("channels.tidy", timedelta(minutes=5), tidy),)
