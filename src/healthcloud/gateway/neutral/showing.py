"""Showing a card's code, and reading one that was scanned."""

from healthcloud import cards
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.gateway.neutral.applying import dynamic
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import subject_of
from healthcloud.gateway.neutral.model import Code, CodeKind, Errand, Scan, Whose


async def code(core: Core, errand: Errand, whose: Whose, kind: CodeKind) -> Code:
    """Return the code of somebody's card (scope cards.issue), a deed they read; raise CardNotUsable, CardNotFound."""

    async def act(tx: Transaction) -> Code:
        person_id = await subject_of(tx, errand, whose)
        if kind is CodeKind.STATIC:
            printed = await cards.counter.print_at_counter(tx, errand.caller, person_id)
            return Code(printed.text, kind, printed.deadline)
        return dynamic(await cards.counter.code_at_counter(tx, errand.caller, person_id, core.window_steps))

    return await core.database.transact(act)


async def scan(core: Core, caller: Caller, wish: Scan) -> cards.Verified:
    """Scan a code and use it (scope cards.verify), gathered with all other scans of this process."""
    return await core.verifying.scan(caller, cards.VerifyWish(wish.code, wish.scene, wish.terminal, _fact(wish)))


def _fact(wish: Scan) -> cards.SecondFact | None:
    if wish.last_digits is not None:
        return cards.SecondFact("last-digits", wish.last_digits)
    if wish.name is not None:
        return cards.SecondFact("name", wish.name)
    return cards.SecondFact("face") if wish.face_compared else None
