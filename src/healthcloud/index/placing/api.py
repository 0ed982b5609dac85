"""Records over HTTP, an institution's own only; local numbers and contents stand in bodies, never in URLs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.idempotency import Answer as Kept
from healthcloud.core.idempotency import AskedIn, once, once_problems, response_of
from healthcloud.index.errors import NotYourInstitution, NumberTwice, RecordNotFound, RecordUnreadable
from healthcloud.index.matching import Written
from healthcloud.index.model import SUBMIT
from healthcloud.index.placing.gathered import PlacerIn
from healthcloud.index.placing.looking_up import Found, look_up
from healthcloud.index.records.model import Answer, Received, RecordIn
from healthcloud.index.records.receiving import receive

router = APIRouter(prefix="/index/records", tags=["index"])

MOST = 100
Text = Annotated[str | None, Field(max_length=1000)]


class RecordWish(Wish):
    """A patient as your system has them; everything but the number and the name may be missing or wrong."""

    number: Annotated[str, Field(max_length=200, description="Your local number (patid) 患者号")]
    name: Text = None
    sex: Annotated[Text, Field(description="GB/T 2261.1, or 男, 女")] = None
    birth_date: Annotated[Text, Field(description="As written; needed where no identity number says it")] = None
    document_kind: Annotated[Text, Field(description="CV02.01.101; 01 where left out")] = None
    document_number: Text = None
    document_issuer: Annotated[Text, Field(description="alpha-3, of a passport")] = None
    phone: Text = None
    address: Text = None
    ethnicity: Text = None
    nationality: Text = None

    def item(self) -> RecordIn:
        """Return it as the action takes it."""
        return RecordIn(
            self.number,
            Written(
                name=self.name,
                sex=self.sex,
                birth_date=self.birth_date,
                document_kind=self.document_kind,
                number=self.document_number,
                phone=self.phone,
                address=self.address,
                ethnicity=self.ethnicity,
                nationality=self.nationality,
                issuer=self.document_issuer,
            ),
        )


class RecordWishes(Wish):
    """Up to 100 records of your institution."""

    records: Annotated[list[RecordWish], Field(min_length=1, max_length=MOST)]


class NumberBody(Wish):
    """A local number of your institution."""

    number: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class RecordResult:
    """
    What became of a record: `linked`, `new`, `review` (people are asked), `unchanged`, or `refused` with the problem.

    `card_status` 健康卡状态 (4 made ahead); `rule` and `weight` (log2 of the odds) say why it was linked.
    """

    number: str
    outcome: str
    person_id: UUID | None
    card_status: int | None
    rule: str | None
    weight: float | None
    question_id: UUID | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class RecordResults:
    """What became of each, in the order they were sent."""

    results: list[RecordResult]


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record of yours as it stands: `waiting`, `placed`, `review` or `ended`, whose it is, how often it changed."""

    number: str
    state: str
    person_id: UUID | None
    card_status: int | None
    version: int
    received_at: datetime


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """What is kept under an idempotency key: which records were received, not yet where they are."""

    number: str
    record_id: UUID | None
    fresh: bool
    problem: dict[str, Any] | None


_STORED = msgspec.json.Decoder(list[_Stored])


@router.post(
    "",
    response_model=RecordResults,
    dependencies=[needs(SUBMIT)],
    responses=problems(*once_problems, NotYourInstitution, NumberTwice, RecordUnreadable),
)
async def register(body: RecordWishes, asked: AskedIn, database: DatabaseIn, placer: PlacerIn) -> Response:
    """
    Hand in records of your patients 提交患者档案: each comes back with the one person and card, or as a question.

    Each is kept before it is looked at, so that two that arrive at once meet. What cannot be read is refused alone.
    """
    items = [one.item() for one in body.records]

    async def keep(tx: Transaction) -> list[_Stored]:
        return [_stored(one) for one in await receive(tx, asked.caller, items)]

    kept = await database.transact(
        lambda tx: once(tx, asked.caller, asked.route, asked.key, asked.body, keep, target=asked.target, status=200)
    )
    stored = _STORED.decode(kept.body)
    answers = await placer.answers(asked, [Received(one.number, one.record_id, one.fresh) for one in stored])
    results = [_result(answer, one.problem) for answer, one in zip(answers, stored, strict=True)]
    return response_of(Kept(kept.status, msgspec.json.encode(RecordResults(results)), replayed=kept.replayed))


@router.post("/lookup", dependencies=[needs(SUBMIT)], responses=problems(RecordNotFound))
async def lookup(body: NumberBody, caller: CallerIn, database: DatabaseIn) -> RecordShown:
    """Tell how a record of yours stands and whose it is 按患者号查询: a deed its person can read."""
    found: Found = await database.transact(lambda tx: look_up(tx, caller, body.number))
    one = found.record
    return RecordShown(one.number, one.state, found.person_id, found.card_status, one.version, one.received_at)


def _stored(one: Received) -> _Stored:
    return _Stored(one.number, one.record_id, one.fresh, None if one.problem is None else one.problem.body())


def _result(one: Answer, problem: dict[str, Any] | None) -> RecordResult:
    return RecordResult(
        one.number, one.outcome, one.person_id, one.card_status, one.rule, one.weight, one.question_id, problem
    )
