"""
Uploading: uses are followed through the chain of deeds, and go up by institution in batches that are fixed beforehand.

Blocks of the chain come in the order of commits, each once. A batch whose answer was lost is sent again as it was,
under the same `upload_no`: a province that keeps these numbers counts it once, one that does not counts it twice.
A batch that is refused is halved until the use it is refused for is alone; what the province says of who asks halves
nothing and waits.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from healthcloud import audit, cards, institutions
from healthcloud.core.background import Sole
from healthcloud.core.clock import shown
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.core.metrics import counter, gauge
from healthcloud.province import store
from healthcloud.province.model import (
    LATE_AFTER,
    LONGEST_CODE,
    Batch,
    Organisation,
    Usage,
    day_of,
    is_of_account,
    next_upload,
    without_numbers,
)
from healthcloud.province.purposes import CREDENTIAL
from healthcloud.province.refused import store as refusals

EVERY = timedelta(seconds=2)
AT_ONCE = 8  # institutions beside each other
BATCHES = 20  # of one institution in one go
MOST_SPLITS = 40  # of one institution in one go; a single use among 500 takes nine
UPLOADED = counter("healthcloud_province_uses", "Uses of cards that ended on their way to the province.", "state")
WAITING = gauge("healthcloud_province_waiting", "Uses of today that are not at the province yet.")
REFUSED = gauge("healthcloud_province_refused", "Uses of the last seven days that the province refused.")
HELD = gauge("healthcloud_province_held", "Institutions that the province refuses as a whole.")
MISSED = gauge(
    "healthcloud_province_missed", "Uses of the last seven days that missed their day, or of which nobody knows."
)
OLDEST = gauge("healthcloud_province_oldest_seconds", "Age of the oldest use of today that is not at the province yet.")


class ProvinceAway(Exception):
    """No answer that could be read: says why without what was sent."""


class ProvinceRefused(Exception):
    """The province answered no, to the batch as a whole; `msg` is its words, numbers left out."""

    def __init__(self, code: str, msg: str) -> None:
        self.code, self.msg = code[:LONGEST_CODE], without_numbers(msg)
        super().__init__(f"code {self.code} {self.msg}".strip())


class Province(Protocol):
    """The province's side."""

    async def upload(self, app_id: str, secret: str, upload_no: str, rows: Sequence[dict[str, str]]) -> None:
        """Hand a batch over; raise ProvinceRefused where the answer is no, ProvinceAway where there is none."""
        ...


def uploading(province: Province | None) -> Sole:
    """Return what one machine does: follow uses, and upload those whose institution's time has come."""

    async def step(database: Database, lease: Lease) -> int:
        done = await database.transact(lambda tx: _collect(tx, lease))
        await _measure(database)
        if province is None:
            return done
        async with database.read() as read:
            due = await store.due(read, read.clock.now())
        places = asyncio.Semaphore(AT_ONCE)

        async def one(organisation: Organisation) -> None:
            async with places:
                await _serve(database, province, lease, organisation)

        await asyncio.gather(*(one(organisation) for organisation in due))
        return done

    return Sole("province.uploads", EVERY, step)


async def _collect(tx: Transaction, lease: Lease) -> int:
    """Take uses of the next blocks, and end what missed its day; return how many uses were new."""
    await lease.guard(tx)
    block = await store.hold_position(tx)
    if block is None:
        return 0
    now = tx.clock.now()
    for batch in await store.batches_over(tx, day_of(now)):
        await store.close_batch(tx, batch)
        state = "unknown" if batch.attempts else "missed"
        UPLOADED.labels(state).inc(await store.end_usages(tx, batch, state, now))
    UPLOADED.labels("missed").inc(await store.miss(tx, day_of(now), now))
    sealed = await audit.sealed_after(tx, block)
    if not sealed:
        return 0
    told = [cards.census.batch_of(deed) for one in sealed for deed in one.deeds]
    batches = dict(one for one in told if one is not None)
    ours = {one.institution_id for one in await store.enrolled(tx)}
    lines = [one for one in await cards.uses.uses_of_batches(tx, batches) if one.institution_id in ours]
    new = await store.add_usages(tx, [(one, day_of(one.used_at)) for one in lines]) if lines else 0
    await store.move(tx, sealed[-1].seq)
    return new


async def _serve(database: Database, province: Province, lease: Lease, one: Organisation) -> None:
    error: str | None = None
    held_at = None
    try:
        await _hand_over(database, province, lease, one)
    except ProvinceAway as away:
        error = str(away)
    except ProvinceRefused as refused:
        error, held_at = str(refused), database.clock.now()
    failures = one.failures + 1 if error else 0
    # Jitter only spreads retries; nothing secret hangs on it.
    next_at = next_upload(database.clock.now(), failures, random.random())  # noqa: S311
    await database.transact(lambda tx: store.schedule(tx, one, next_at, failures, error, held_at))


async def _hand_over(database: Database, province: Province, lease: Lease, one: Organisation) -> None:
    """Send what waits, halving what is refused; raise ProvinceAway, or ProvinceRefused where the account is."""
    taken = splits = 0
    while taken < BATCHES:
        batch = await database.transact(lambda tx: _next_batch(tx, lease, one.institution_id))
        if batch is None:
            return
        try:
            await _upload(database, province, one, batch)
        except ProvinceRefused as refused:
            if is_of_account(refused.msg) or splits == MOST_SPLITS:
                raise
            splits += await database.transact(partial(_halve, lease=lease, batch=batch, refused=refused))
        else:
            taken += 1


async def _halve(tx: Transaction, lease: Lease, batch: Batch, refused: ProvinceRefused) -> int:
    """Put a refused batch's uses into two new ones, or end its only use as refused; return how many splits it took."""
    await lease.guard(tx)
    count, now = len(await store.usages_of(tx, batch)), tx.clock.now()
    if not await store.close_batch(tx, batch):
        return 0
    if count == 1:
        UPLOADED.labels("refused").inc(await refusals.refuse(tx, batch, refused.code, refused.msg, now))
        return 0
    for most in (count // 2, count - count // 2):
        half = Batch(batch.institution_id, new_id(), batch.day, 0)
        await store.add_batch(tx, half, await refusals.split_off(tx, batch, half, most), now)
    return 1


async def _next_batch(tx: Transaction, lease: Lease, institution_id: UUID) -> Batch | None:
    """Return the batch to be sent, one that is not through first, its attempt counted; None where nothing waits."""
    await lease.guard(tx)
    batch, now = await store.open_batch(tx, institution_id), tx.clock.now()
    if batch is not None and batch.day != day_of(now):
        return None
    if batch is None:
        batch = Batch(institution_id, new_id(), day_of(now), 0)
        rows = await store.fill_batch(tx, batch)
        if not rows:
            return None
        await store.add_batch(tx, batch, rows, now)
    await store.count_attempt(tx, batch)
    return batch


async def _upload(database: Database, province: Province, one: Organisation, batch: Batch) -> None:
    async with database.read() as read:
        usages = await store.usages_of(read, batch)
        terminals = [await institutions.terminal(read, each) for each in sorted({u.terminal_id for u in usages})]
        codes = await institutions.terminals.terminal_codes(read, one.institution_id, terminals)
    kinds = {each.id: each.kind for each in terminals}
    rows = [_row(usage, codes[usage.terminal_id], kinds[usage.terminal_id]) for usage in usages]
    secret = database.vault.open(CREDENTIAL, one.institution_id.bytes, one.secret_sealed).decode()
    await province.upload(one.app_id, secret, batch.id.hex, rows)

    async def note(tx: Transaction) -> int:
        return (
            await store.end_usages(tx, batch, "uploaded", tx.clock.now()) if await store.close_batch(tx, batch) else 0
        )

    UPLOADED.labels("uploaded").inc(await database.transact(note))


def _row(usage: Usage, terminal: str, channel: str) -> dict[str, str]:
    """Write a use as the province takes it (electronic-health-card, §7.4)."""
    return {
        "ehealthCardId": usage.card_id.hex().upper(),
        "medstepcode": usage.scene,
        "terminalcode": terminal,
        "channelcode": channel,
        "useTime": shown(usage.used_at),
    }


async def _measure(database: Database) -> None:
    now = database.clock.now()
    today = day_of(now)
    async with database.read() as read:
        found = await store.standing(read, today - timedelta(days=6), None, now - LATE_AFTER)
        held = await store.holds(read, None)
    WAITING.set(sum(one.waiting for one in found))
    REFUSED.set(sum(one.refused for one in found))
    HELD.set(len(held))
    MISSED.set(sum(one.missed + one.unknown for one in found))
    oldest = [one.oldest_at for one in found if one.day == today and one.waiting and one.oldest_at]
    OLDEST.set((now - min(oldest)).total_seconds() if oldest else 0)
