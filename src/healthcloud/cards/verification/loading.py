"""Having cards used at an instant of the clock's choosing: the demonstration city's past, by the statement of scans."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.verification import store
from healthcloud.cards.verification.model import Ask, Spot, key_of
from healthcloud.cards.verification.refusals import RefusalKeeper
from healthcloud.cards.verification.settling import Taken, settle
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud_reader import PLATFORM_SLOT, step_at


class Scan(NamedTuple):
    """A card that was shown at a terminal for a step of treatment; the account is who scanned."""

    person_id: UUID
    institution_id: UUID
    terminal_id: UUID
    scene: str
    account_id: UUID


async def load_uses(tx: Transaction, caller: Caller, scans: Sequence[Scan]) -> int:
    """
    Use cards as of the transaction's clock (the system alone); return how many uses that made.

    One scan a person; who holds no card that can be used is passed over. Everything a scan writes is written: binding,
    use, the sealed batch, the refusals.
    """
    if caller.kind is not CallerKind.SYSTEM:
        raise Forbidden
    step = step_at(tx.clock.now())
    held = {one.person_id: one for one in await store.held_by(tx, [scan.person_id for scan in scans])}
    asks = []
    for scan in scans:
        card = held.pop(scan.person_id, None)
        if card is not None:
            spot = Spot(scan.terminal_id, scan.scene, scan.institution_id, scan.account_id, None, full=False)
            asks.append(Ask(card.card_id, step, PLATFORM_SLOT, card.epoch, spot))
    if not asks:
        return 0
    outcomes = await settle(tx, sorted(asks, key=key_of), RefusalKeeper(), [])
    return sum(isinstance(one, Taken) for one in outcomes)
