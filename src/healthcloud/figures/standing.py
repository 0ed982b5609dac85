"""How fresh the figures are: up to which instant nothing is missing."""

from dataclasses import dataclass
from datetime import datetime

from healthcloud import audit
from healthcloud.core.db import Read
from healthcloud.figures import store
from healthcloud.figures.model import FORMULA


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Which edition is shown and how far it has counted.

    `as_of` is the instant up to which everything is counted (截至): the reading's own when nothing waits. `behind` is
    how many blocks of the chain wait, `rebuilding` how many of the newer edition's are counted, None without one.
    """

    edition: int
    formula: int
    block: int
    behind: int
    as_of: datetime
    rebuilding: int | None


async def standing(read: Read) -> Standing:
    """Return where counting stands; edition 0 where nothing was counted yet."""
    editions = await store.editions(read)
    shown = next((one for one in editions if one.state == "current"), None)
    building = next((one.block for one in editions if one.state == "building"), None)
    now, last = read.clock.now(), await audit.last_sealed(read)
    if shown is None:
        return Standing(0, FORMULA, 0, last, now, building)
    behind = max(last - shown.block, 0)
    waiting = await audit.sealing_lag(read, now)
    as_of = now - waiting if not behind else min(shown.counted_to or shown.begun_at, now - waiting)
    return Standing(shown.edition, shown.formula, shown.block, behind, as_of, building)
