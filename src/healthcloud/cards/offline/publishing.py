"""
The publisher: a signed delta each minute, also when nothing changed, and within half a minute when something did.

An empty delta is the proof that there was nothing: its age is how stale a reader's list is. A row is claimed and its
delta written by one transaction, and one that is just being changed is passed over, so no change is ever lost; should
two machines publish at once, the number of the delta lets one of them through.
"""

from datetime import timedelta

from healthcloud.cards.model import CITY_SIGNATURE
from healthcloud.cards.offline import store
from healthcloud.cards.offline.lists import DELTA, SNAPSHOT, TRUST, signed
from healthcloud.cards.offline.model import (
    KEPT_FOR,
    Policy,
    Published,
    Voided,
    delta_payload,
    snapshot_payload,
    trust_content,
    trust_payload,
)
from healthcloud.cards.offline.store import TrustRow
from healthcloud.core.background import Body, Recurring
from healthcloud.core.db import Transaction
from healthcloud.core.metrics import instant

NAME = "cards.publish-offline-lists"
EVERY = timedelta(seconds=30)
# A little less than a minute, so that every other run of the schedule makes one although nothing changed.
AT_LATEST = timedelta(seconds=50)
MOST_ENTRIES = 5_000
MOST_DELTAS = 10  # in one run; what is left is told half a minute later
SNAPSHOT_EACH = 60  # deltas, about an hour
KEPT_DELTAS = 360
KEPT_SNAPSHOTS = 3 * SNAPSHOT_EACH
KEPT_TRUST = 10
ISSUED = instant(
    "healthcloud_revocation_delta_issued_seconds",
    "Unix time at which the newest revocation delta was signed; how long ago is how stale readers must be.",
)


def publishing(policy: Policy) -> Recurring:
    """Return the recurring job that publishes."""

    async def publish_lists(tx: Transaction, _: Body) -> None:
        await publish(tx, policy)

    return Recurring(NAME, EVERY, publish_lists)


async def publish(tx: Transaction, policy: Policy) -> int:
    """Publish what there is to be told; return the number of the newest delta."""
    newest = await _publish_deltas(tx)
    await _publish_snapshot(tx, newest.number)
    await _publish_trust(tx, policy)
    await store.forget_deltas(tx, newest.number - KEPT_DELTAS)
    ISSUED.set(newest.issued_at.timestamp())
    return newest.number


async def _publish_deltas(tx: Transaction) -> Published:
    newest = await store.newest_delta(tx)
    for _ in range(MOST_DELTAS):
        number = 1 if newest is None else newest.number + 1
        entries = await store.claim(tx, number, MOST_ENTRIES)
        # Either way: a clock that was ahead and has been put right must not silence the publisher.
        is_due = newest is None or abs(tx.clock.now() - newest.issued_at) >= AT_LATEST
        if newest is not None and not entries and not is_due:
            break
        newest = _delta(tx, number, entries)
        await store.add_delta(tx, newest)
        if len(entries) < MOST_ENTRIES:
            break
    if newest is None:
        raise AssertionError(NAME)
    return newest


def _delta(tx: Transaction, number: int, entries: list[Voided]) -> Published:
    now = tx.clock.now()
    return Published(number, now, len(entries), signed(tx.vault, DELTA, delta_payload(number, now, entries)))


async def _publish_snapshot(tx: Transaction, number: int) -> None:
    """Publish all that is void, once in a while; forget what no certificate alive can be void by."""
    last = await store.newest_snapshot(tx)
    if last is not None and number - last.number < SNAPSHOT_EACH:
        return
    now = tx.clock.now()
    await store.forget_voided(tx, now - KEPT_FOR)
    # What no delta has told of yet is in it too: leaving a row out would take back what an earlier delta said of it.
    entries = await store.voided_since(tx, now - KEPT_FOR)
    body = signed(tx.vault, SNAPSHOT, snapshot_payload(number, now, entries))
    await store.add_snapshot(tx, Published(number, now, len(entries), body))
    await store.forget_snapshots(tx, number - KEPT_SNAPSHOTS)


async def _publish_trust(tx: Transaction, policy: Policy) -> None:
    """Publish a trust list when keys or policy changed, and anew when half of its time is over."""
    keys, last, now = tx.vault.trust_list(CITY_SIGNATURE), await store.newest_trust(tx), tx.clock.now()
    content = trust_content(keys, policy)
    half = timedelta(days=policy.trust_days) / 2
    if last is not None and last.content == content and abs(now - last.issued_at) < half:
        return
    number = 1 if last is None else last.number + 1
    body = signed(tx.vault, TRUST, trust_payload(number, now, keys, policy))
    await store.add_trust(tx, TrustRow(number, now, content, body))
    await store.forget_trust(tx, number - KEPT_TRUST)
