"""Keeping a scan for the page of its desk, and reading the last ones."""

from collections.abc import Iterable
from uuid import UUID

from healthcloud import people
from healthcloud.cards import store as cards
from healthcloud.cards.desk import store
from healthcloud.cards.desk.model import KEPT_FOR, MOST, DeskLine, DeskScan
from healthcloud.cards.verification.errors import TerminalUnbound
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud_reader import BareCardId, DeviceCode, DynamicCode, StaticCode, Unreadable, parse

VERIFY = "cards.verify"


async def keep_scan(tx: Transaction, caller: Caller, outcome: str, person_id: UUID | None = None) -> None:
    """
    Keep a scan of the caller's desk: `outcome` is taken, repeat, or the code of the problem it was refused with.

    A convenience of the page, no record: the uses and the deeds are.
    """
    terminal_id, now = _desk_of(caller), tx.clock.now()
    await store.add(tx, terminal_id, new_id(), caller.account_id, DeskScan(now, outcome, person_id))
    await store.trim(tx, terminal_id, MOST, now - KEPT_FOR)


async def holders_of(read: Read, caller: Caller, codes: Iterable[str]) -> dict[str, UUID]:
    """
    Return whose codes these are, for a desk that has shown them to be good or must compare a face.

    A text that is no card's code, or of no card, is left out.
    """
    _desk_of(caller)
    found = {}
    for code in codes:
        card_id = _card_id(code)
        card = await cards.find_card(read, card_id) if card_id else None
        if card is not None:
            found[code] = card.person_id
    return found


def _card_id(code: str) -> bytes | None:
    try:
        match parse(code):
            case StaticCode(card_id) | BareCardId(card_id) | DynamicCode(card_id):
                return card_id
            case DeviceCode() as device:
                return device.signed.certificate.card_id
            case _:
                return None
    except Unreadable:
        return None


async def last_scans(read: Read, caller: Caller) -> list[DeskLine]:
    """Return up to ten scans of the caller's desk within half a day, the newest first, names masked."""
    scans = await store.newest(read, _desk_of(caller), MOST, read.clock.now() - KEPT_FOR)
    seen = await people.faces(read, caller.institution_id, {one.person_id for one in scans if one.person_id})
    return [_line(one, seen) for one in scans]


def _line(scan: DeskScan, seen: dict[UUID, people.Seen]) -> DeskLine:
    found = seen.get(scan.person_id) if scan.person_id else None
    return DeskLine(scan.at, scan.outcome, people.masked(found.face).name if found else None)


def _desk_of(caller: Caller) -> UUID:
    caller.must(VERIFY)
    if caller.terminal_id is None:
        raise TerminalUnbound
    return caller.terminal_id
