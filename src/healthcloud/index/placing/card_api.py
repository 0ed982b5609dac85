"""
The card platform's batch registration (批量注册): a hospital's old patients, each with the card they hold afterwards.

The neutral form of what the families of the card platform call registerBatchHealthCard and the like, at most 15 rows.
Their adapters translate; that failed rows are absent from some of their answers is theirs to do: here each row answers.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from healthcloud import cards, people
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, Wish, needs, problems
from healthcloud.index.errors import NotYourInstitution, NumberTwice, RecordUnreadable
from healthcloud.index.model import SUBMIT
from healthcloud.index.placing.api import RecordWish
from healthcloud.index.placing.registering import register_records
from healthcloud.index.records.model import Answer

router = APIRouter(prefix="/cards", tags=["cards"])

MOST_ROWS = 15


class CardRows(Wish):
    """Up to 15 patients of your institution, with your local numbers."""

    rows: Annotated[list[RecordWish], Field(min_length=1, max_length=MOST_ROWS)]


@dataclass(frozen=True, slots=True)
class CardHeld:
    """A card: its id of 64 hexadecimal digits, 健康卡状态 (1 normal, 4 made ahead and to be activated), its kind."""

    card_id: str
    status: int
    kind: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """
    What became of a row: `linked`, `new`, `review`, `unchanged`, or `refused` with the problem.

    Without a card, somebody is to look first (`review`), or the row says too little for a card to be made ahead.
    """

    number: str
    outcome: str
    person_id: UUID | None
    card: CardHeld | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CardRowResults:
    """What became of each row, in the order they were sent."""

    results: list[CardRow]


@router.post(
    "/register-batch",
    dependencies=[needs(SUBMIT)],
    responses=problems(NotYourInstitution, NumberTwice, RecordUnreadable),
)
async def register_batch(
    body: CardRows, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> CardRowResults:
    """
    Register old patients and have cards for the certain 批量注册: a card made ahead (status 4), or the one they hold.

    The same rows again change nothing, so no Idempotency-Key is asked for.
    """
    items = [one.item() for one in body.rows]
    answers = await register_records(database, caller, items, policy=people.Policy.of(settings))
    async with database.read() as read:
        held = await cards.fronts_of(read, [one.person_id for one in answers if one.person_id is not None])
    return CardRowResults([_row(one, held) for one in answers])


def _row(answer: Answer, held: dict[UUID, cards.Front]) -> CardRow:
    front = held.get(answer.person_id) if answer.person_id is not None else None
    card = None if front is None else CardHeld(front.card.number, front.card.status, front.card.kind)
    problem = None if answer.problem is None else answer.problem.body()
    return CardRow(answer.number, answer.outcome, answer.person_id, card, problem)
