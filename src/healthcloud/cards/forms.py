"""The bodies of cards' HTTP interface."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from healthcloud.cards.actions import Application, Outcome
from healthcloud.cards.model import Card, CardKind, Mode, Why
from healthcloud.core.http import Moment, Wish

PersonId = Annotated[UUID | None, Field(description="Left out by a resident for themself. 本人办理时不填。")]


class Subject(Wish):
    """Whose card."""

    person_id: PersonId = None


class ApplyWish(Subject):
    """A wish for a card; a deadline is a temporary card's."""

    kind: CardKind = CardKind.STANDARD
    mode: Mode = Mode.ONLINE
    deadline: Moment | None = None

    def application(self) -> Application:
        """Return it as the action takes it."""
        return Application(self.person_id, self.kind, self.mode, self.deadline)


class FreezeWish(Subject):
    """Whose card, and why; a resident's is always lost."""

    reason: Literal[Why.LOST, Why.RISK] = Why.LOST


class NamedPerson(Wish):
    """Whose card, said by staff."""

    person_id: UUID


class PrepareWish(Wish):
    """For whom cards are made ahead."""

    person_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class AliasWish(Wish):
    """An old card id, and the card it is to stand for."""

    old_card_id: Annotated[str, Field(pattern=r"^[0-9A-F]{64}$")]
    card_id: Annotated[str, Field(pattern=r"^[0-9A-F]{64}$")]


class FactsWish(Wish):
    """Second facts a printed code is taken with."""

    facts: Annotated[list[Literal["name", "last-digits", "face"]], Field(min_length=1, max_length=3)]


class CardShown(BaseModel):
    """A card as its holder sees it; `status` is 健康卡状态."""

    card_id: str
    person_id: UUID
    status: int
    reason: str | None
    kind: str
    deadline: datetime | None
    issued_at: datetime
    changed_at: datetime


class AppliedShown(BaseModel):
    """The card after applying, and what that did."""

    outcome: Outcome
    card: CardShown


class Prepared(BaseModel):
    """How many cards were made ahead."""

    prepared: int


def card_shown(card: Card) -> CardShown:
    """Return a card as shown."""
    return CardShown(
        card_id=card.number,
        person_id=card.person_id,
        status=card.status,
        reason=card.reason,
        kind=card.kind,
        deadline=card.deadline,
        issued_at=card.created_at,
        changed_at=card.changed_at,
    )
