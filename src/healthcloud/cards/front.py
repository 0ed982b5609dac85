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
    """A card, where and when it was used last, the ids of its live phones, and its code of this minute if any."""

    card: Card
    used_at: datetime | None
    used_where: str | None
    phones: list[UUID]
    certified_from: int  # the minute since 1970 before which its phones' certificates are void
    code: CodeShown | None


async def front_of(read: Read, person_id: UUID, window_steps: int | None = None) -> Front | None:
    """
    Return the front of the card a canonical person holds; whose it may be shown to is decided before.

    Without `window_steps` no code is made.
    """
    return (await fronts_of(read, [person_id], window_steps)).get(person_id)


async def fronts_of(read: Read, person_ids: list[UUID], window_steps: int | None = None) -> dict[UUID, Front]:
    """Return the same of each of these persons who has a card, by one statement still."""
    now, derive = read.clock.now(), partial(read.vault.derive, CODE_MASTER)

    def front(card: store.FrontRow) -> Front:
        is_shown = window_steps is not None and card.status == CardStatus.NORMAL and not card.has_ended(now)
        code = code_shown(derive, card, now, window_steps or 0) if is_shown else None
        return Front(card, card.used_at, card.used_where, card.phones, card.certified_from, code)

    return {card.holder_id: front(card) for card in await store.front_rows(read, person_ids)}
