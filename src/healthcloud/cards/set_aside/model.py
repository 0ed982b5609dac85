"""A card as it was set aside; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from healthcloud.cards.model import Card
from healthcloud.cards.phones.model import Phone


@dataclass(frozen=True, slots=True)
class SetAside:
    """The card with this id as it was; `became` is the status of the card it has stood for since."""

    card_id: bytes
    stands_for: bytes
    status: int
    reason: str | None
    kind: str
    deadline: datetime | None
    became: int
    aliases: list[bytes]
    phones: list[UUID]
    at: datetime

    @classmethod
    def of(cls, old: Card, card: Card, aliases: Sequence[bytes], phones: Sequence[Phone], at: datetime) -> Self:
        """Take down a card as it is, with the ids that stood for it and the phones it had."""
        return cls(
            card_id=old.id,
            stands_for=card.id,
            status=old.status,
            reason=old.reason,
            kind=old.kind,
            deadline=old.deadline,
            became=card.status,
            aliases=list(aliases),
            phones=[phone.id for phone in phones],
            at=at,
        )
