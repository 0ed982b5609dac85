"""The review queue over HTTP: looking, opening, answering, confirming, declining, splitting, undoing."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from healthcloud import people
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable
from healthcloud.index import errors as wrong
from healthcloud.index.model import REVIEW
from healthcloud.index.placing.actions import place
from healthcloud.index.questions import answering, showing, undoing
from healthcloud.index.questions.model import ANY_WEIGHT, Answered, Filter, Kind, QuestionState, Verdict
from healthcloud.index.reviewing.request import ConsequencesIn
from healthcloud.index.reviewing.shown import AnsweredShown, DecisionShown, OpenedShown, QuestionShown, QuestionsShown

router = APIRouter(prefix="/index", tags=["index"])
ReasonText = Annotated[str, Field(min_length=1, max_length=200, description="Why, without numbers 理由，不写号码。")]
_OPEN_TO_ANSWER = (wrong.QuestionNotFound, wrong.QuestionSettled)


class QueueQuery(Wish):
    """What of the queue is wanted; left out: everything that is not put off."""

    kind: Kind | None = None
    state: QuestionState | None = None
    source_id: UUID | None = None
    opened_before: Moment | None = None
    weight_from: Annotated[float, Field(ge=-ANY_WEIGHT, le=ANY_WEIGHT)] = -ANY_WEIGHT
    weight_to: Annotated[float, Field(ge=-ANY_WEIGHT, le=ANY_WEIGHT)] = ANY_WEIGHT
    put_off: bool = False
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50

    def filter(self) -> Filter:
        """Return it as the queue takes it."""
        return Filter(
            self.kind,
            self.state,
            self.source_id,
            self.opened_before,
            self.weight_from,
            self.weight_to,
            self.put_off,
        )


class LookBody(Wish):
    """Why a question is opened; left out: review of the index."""

    reason: ReasonText | None = None


class AnswerBody(Wish):
    """What is judged: `between` names the two sides by their ids, where a question has more."""

    verdict: Annotated[str, Field(pattern="^(same|different|later)$")]
    reason: Annotated[str, Field(max_length=200)] = ""
    between: Annotated[list[UUID], Field(min_length=2, max_length=2)] | None = None


class DeclineBody(Wish):
    """Why a proposed merge is turned down."""

    reason: ReasonText


class UndoBody(Wish):
    """Which decision is taken back, and why."""

    decision_id: UUID
    reason: ReasonText


class SplitBody(Wish):
    """Which records are not the person's, and how that is known."""

    record_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    reason: ReasonText


class DecisionsShown(BaseModel):
    """A page of the history of decisions, the newest first."""

    items: list[DecisionShown]
    next: str | None


@router.get("/questions", dependencies=[needs(REVIEW)], responses=problems(CursorUnreadable))
async def questions(
    caller: CallerIn,
    database: DatabaseIn,
    wanted: Annotated[QueueQuery, Query()],
) -> QuestionsShown:
    """List what waits for a reviewer 审核队列, the oldest first; nothing personal is in it."""
    async with database.read() as read:
        page = await showing.open_questions(read, caller, wanted.filter(), wanted.cursor, wanted.limit)
    return QuestionsShown(items=[QuestionShown.of(one) for one in page.items], next=page.next)


@router.get("/decisions", dependencies=[needs(REVIEW)], responses=problems(CursorUnreadable))
async def decisions(
    caller: CallerIn,
    database: DatabaseIn,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> DecisionsShown:
    """List what was decided, by whom and why 审核记录, the newest first."""
    async with database.read() as read:
        page = await showing.history(read, caller, cursor, limit)
    return DecisionsShown(items=[DecisionShown.of(one) for one in page.items], next=page.next)


@router.post("/questions/{question_id}/open", dependencies=[needs(REVIEW)], responses=problems(wrong.QuestionNotFound))
async def open_question(
    question_id: UUID, body: LookBody, caller: CallerIn, database: DatabaseIn, told: ConsequencesIn
) -> OpenedShown:
    """Open a question 查看: sides beside each other, unmasked; each person concerned can read that it was done."""
    asking = caller
    if body.reason is not None:
        asking = replace(caller, reason=people.read_evidence(body.reason, "reason"))
    return OpenedShown.of(await database.transact(lambda tx: showing.question(tx, asking, question_id, told)))


@router.post("/questions/{question_id}/give-back", status_code=204, dependencies=[needs(REVIEW)])
async def give_back(question_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Let a colleague take a question 放回队列."""
    await database.transact(lambda tx: showing.give_back(tx, caller, question_id))


@router.post(
    "/questions/{question_id}/answer",
    status_code=201,
    response_model=AnsweredShown,
    dependencies=[needs(REVIEW)],
    responses=problems(*_OPEN_TO_ANSWER, wrong.QuestionTaken, wrong.SidesUnclear, Unacceptable, *once_problems),
)
async def answer(question_id: UUID, body: AnswerBody, caller: CallerIn, database: DatabaseIn, once: OnceIn) -> Response:
    """Answer a question 答复: same, different or later; two persons are merged only after another confirms."""
    verdict = Verdict(body.verdict)
    return await _carried_out(
        once, database, lambda tx: answering.answer(tx, caller, question_id, verdict, body.reason, body.between)
    )


@router.post(
    "/questions/{question_id}/confirm",
    status_code=201,
    response_model=AnsweredShown,
    dependencies=[needs(REVIEW)],
    responses=problems(*_OPEN_TO_ANSWER, wrong.OwnMerge, *once_problems),
)
async def confirm(question_id: UUID, caller: CallerIn, database: DatabaseIn, once: OnceIn) -> Response:
    """Carry out a merge that another reviewer proposed 复核合并."""
    return await _carried_out(once, database, lambda tx: answering.confirm(tx, caller, question_id))


@router.post(
    "/questions/{question_id}/decline",
    status_code=201,
    response_model=AnsweredShown,
    dependencies=[needs(REVIEW)],
    responses=problems(*_OPEN_TO_ANSWER, Unacceptable, *once_problems),
)
async def decline(
    question_id: UUID, body: DeclineBody, caller: CallerIn, database: DatabaseIn, once: OnceIn
) -> Response:
    """Turn a proposed merge down 退回; the question is open again."""
    return await _carried_out(once, database, lambda tx: answering.decline(tx, caller, question_id, body.reason))


@router.post(
    "/questions/{question_id}/undo",
    status_code=201,
    response_model=AnsweredShown,
    dependencies=[needs(REVIEW)],
    responses=problems(
        wrong.QuestionNotFound, wrong.DecisionNotFound, wrong.DecisionBuiltOn, Unacceptable, *once_problems
    ),
)
async def undo(question_id: UUID, body: UndoBody, caller: CallerIn, database: DatabaseIn, once: OnceIn) -> Response:
    """Take a decision back 撤销决定: everything is as it was before, and the question is open again."""
    return await _carried_out(
        once, database, lambda tx: undoing.undo(tx, caller, question_id, body.decision_id, body.reason)
    )


@router.post(
    "/persons/{person_id:uuid}/split",
    status_code=201,
    response_model=AnsweredShown,
    dependencies=[needs(REVIEW)],
    responses=problems(people.PersonNotFound, wrong.NothingToSplit, Unacceptable, *once_problems),
)
async def split(person_id: UUID, body: SplitBody, caller: CallerIn, database: DatabaseIn, once: OnceIn) -> Response:
    """Take records that are not theirs off a person 拆分; they are placed anew, never with this person."""
    return await _carried_out(
        once, database, lambda tx: undoing.split(tx, caller, person_id, body.record_ids, body.reason)
    )


async def _carried_out(once: OnceIn, database: Database, act: Callable[[Transaction], Awaitable[Answered]]) -> Response:
    """Carry a decision out once; what waits after it is placed at once, or by the sweep should this process end."""
    waiting: list[UUID] = []

    async def carried(tx: Transaction) -> AnsweredShown:
        answered = await act(tx)
        waiting[:] = answered.to_place
        return AnsweredShown.of(answered)

    response = await once(carried)
    if waiting:
        await place(database, waiting)
    return response
