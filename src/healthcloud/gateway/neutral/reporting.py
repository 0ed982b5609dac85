"""What institutions tell afterwards: uses of cards and visits; each kept once, the refused ones beside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from healthcloud import cards, encounters
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import subject_of
from healthcloud.gateway.neutral.model import Errand, Whose


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to be told of, and whose it is, where that is not said by the patient number."""

    item: encounters.EncounterIn
    whose: Whose | None = None


async def report_uses(
    core: Core, errand: Errand, reports: Sequence[cards.reported.Report]
) -> list[cards.reported.Reported]:
    """Keep uses the institution reports (scope exchange.deliver), however late; each once by its request id."""
    return await core.database.transact(lambda tx: cards.reported.report_uses(tx, errand.caller, reports))


async def tell_visits(core: Core, errand: Errand, visits: Sequence[Visit]) -> list[encounters.Recorded]:
    """
    Keep visits the institution tells of (scope exchange.deliver); each once by its number.

    A visit whose patient nobody knows is kept without one, by its patient number, as hospitals' messages are.
    """
    errand.caller.must("exchange.deliver")

    async def act(tx: Transaction) -> list[encounters.Recorded]:
        items = [await _item(tx, errand, one) for one in visits]
        return await encounters.record(tx, errand.caller, items)

    return await core.database.transact(act)


async def _item(tx: Transaction, errand: Errand, visit: Visit) -> encounters.EncounterIn:
    if visit.whose is None:
        return visit.item
    try:
        return replace(visit.item, person_id=await subject_of(tx, errand, visit.whose))
    except Problem:
        return visit.item
