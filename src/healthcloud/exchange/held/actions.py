"""Carrying messages out once, keeping those whose feature is to come, handing them over."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import SYSTEM, SYSTEM_ACCOUNT, Caller
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud.exchange.held import deeds, store
from healthcloud.exchange.held.errors import HeldNotFound
from healthcloud.exchange.held.model import BODY, DIGEST, MOST_TAKEN, OPEN, CarriedOut, HeldIn, HeldMessage
from healthcloud.exchange.held.store import HeldRow, Seen


async def known(read: Read, messages: Sequence[CarriedOut]) -> list[bool]:
    """Tell of each message whether it was carried out before: the same control id and the same content."""
    if not messages:
        return []
    asked = [_seen(read.vault, one) for one in messages]
    found = set(await store.seen(read, [row for some in asked for row in some]))
    return [not found.isdisjoint(some) for some in asked]


async def note(
    tx: Transaction, messages: Sequence[CarriedOut], held: Sequence[tuple[Caller, HeldIn]] = ()
) -> list[bool]:
    """
    Note messages as carried out, and keep those of them that wait for their feature, in the transaction of the effect.

    Return which are new: another worker may have carried the same out meanwhile, and what it kept is not kept again.
    """
    rows = [_seen(tx.vault, one)[0] for one in messages]
    noted = set(await store.note(tx, rows, tx.clock.now())) if rows else set()
    fresh = {(row.institution_id, row.control_id) for row in noted}
    kept = [(caller, one) for caller, one in held if (one.institution_id, one.control_id) in fresh]
    if kept:
        now = tx.clock.now()
        made = [(caller, one, new_id()) for caller, one in kept]
        await store.add(
            tx,
            [
                HeldRow(
                    one_id,
                    one.institution_id,
                    one.face,
                    one.kind,
                    one.control_id,
                    one.patient_number,
                    one.person_id,
                    tx.vault.seal(BODY, one_id.bytes, one.body),
                    one.told_at,
                    now,
                )
                for _, one, one_id in made
            ],
            [caller.account_id for caller, _, _ in made],
        )
    return [row in noted for row in rows]


async def take(tx: Transaction, kind: str, limit: int = MOST_TAKEN) -> list[HeldMessage]:
    """
    Hand the oldest waiting messages of a kind (`SIU^S12`) to their feature, in the transaction of its effect.

    They wait no more once it commits. Nothing when none is left.
    """
    rows = await store.waiting(tx, kind, min(limit, MOST_TAKEN))
    if rows:
        await store.set_taken(tx, [row.id for row in rows], tx.clock.now())
        await audit.record(tx, SYSTEM, deeds.TAKEN, SYSTEM_ACCOUNT, detail={"kind": kind, "messages": len(rows)})
    return [_opened(tx, row) for row in rows]


async def open_held(tx: Transaction, caller: Caller, held_id: UUID) -> HeldMessage:
    """
    Open one kept message (scope people.open), the city's staff any, others their institution's; raises HeldNotFound.

    A deed whom it is about can read.
    """
    caller.must(OPEN)
    row = await store.held(tx, held_id)
    if row is None or caller.institution_id not in (None, row.institution_id):
        raise HeldNotFound
    await audit.record(tx, caller, deeds.OPENED, row.person_id or row.institution_id)
    return _opened(tx, row)


def _seen(vault: Vault, one: CarriedOut) -> list[Seen]:
    """Return a message under each live key, the current one's first."""
    text = one.body.hex()
    return [Seen(one.institution_id, one.control_id, digest) for digest in vault.fingerprints(DIGEST, text)]


def _opened(read: Read, row: HeldRow) -> HeldMessage:
    body = read.vault.open(BODY, row.id.bytes, row.body_sealed)
    return HeldMessage(
        row.id,
        row.institution_id,
        row.face,
        row.kind,
        row.control_id,
        body,
        row.patient_number,
        row.person_id,
        row.told_at,
        row.received_at,
    )
