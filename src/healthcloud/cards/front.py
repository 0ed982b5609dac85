"""The front of a card: what its holder sees first, by one statement, since everybody in a queue looks at it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from healthcloud.cards import store
from healthcloud.cards.codes.model import CodeShown, code_shown
from healthcloud.cards.model import CODE_MASTER, Card, CardStatus
from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class Front:
    """A card, where and when it was used last, and its code of this minute while it has one."""

    card: Card
    used_at: datetime | None
    used_where: str | None
    code: CodeShown | None


async def front_of(read: Read, person_id: UUID, window_steps: int) -> Front | None:
    """Return the front of the card a canonical person holds; whose it may be shown to is decided before."""
    row = await store.front_row(read, person_id)
    if row is None:
        return None
    card = row.card()
    now = read.clock.now()
    is_shown = card.status == CardStatus.NORMAL and not card.has_ended(now)
    code = code_shown(partial(read.vault.derive, CODE_MASTER), card, now, window_steps) if is_shown else None
    return Front(card, row.used_at, row.used_where, code)
