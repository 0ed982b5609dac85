"""Questions as the interface shows them."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from healthcloud.core.consequences import Line
from healthcloud.core.wording import CHINESE, ENGLISH, words_in
from healthcloud.index.questions.model import Answered, Decided, Question
from healthcloud.index.questions.showing import Comparison, Opened, SideShown
from healthcloud.index.records.model import Record


class QuestionShown(BaseModel):
    """A question of the queue; nothing personal is in it."""

    id: UUID
    kind: str
    state: str
    records: int
    persons: int
    weight: float
    source_id: UUID | None
    opened_at: datetime
    later_until: datetime | None
    claimed_by: UUID | None
    claimed_until: datetime | None

    @classmethod
    def of(cls, row: Question) -> Self:
        """Show a question."""
        return cls(
            id=row.id,
            kind=row.kind,
            state=row.state,
            records=len(row.record_ids),
            persons=len(row.person_ids),
            weight=round(row.weight, 2),
            source_id=row.source_id,
            opened_at=row.opened_at,
            later_until=row.later_until,
            claimed_by=row.claimed_by,
            claimed_until=row.claimed_until,
        )


class QuestionsShown(BaseModel):
    """A page of the queue; `next` is the cursor of the page after it."""

    items: list[QuestionShown]
    next: str | None


class RecordShown(BaseModel):
    """A record with what its source says, unmasked."""

    id: UUID
    source_id: UUID
    number: str
    version: int
    received_at: datetime
    name: str | None
    sex: str
    birth_date: date | None
    document_kind: str | None
    document_number: str | None
    phone: str | None
    address: str | None
    ethnicity: str | None
    nationality: str | None

    @classmethod
    def of(cls, record: Record) -> Self:
        """Show a record."""
        content = record.content
        return cls(
            id=record.id,
            source_id=record.source_id,
            number=record.number,
            version=record.version,
            received_at=record.received_at,
            name=content.name,
            sex=content.sex,
            birth_date=content.birth_date,
            document_kind=content.document_kind,
            document_number=content.number,
            phone=content.phone,
            address=content.address,
            ethnicity=content.ethnicity,
            nationality=content.nationality,
        )


class SideBody(BaseModel):
    """A side: a person (id, level, state) or a record of nobody yet."""

    id: UUID
    person_id: UUID | None
    level: int | None
    state: str | None
    records: list[RecordShown]

    @classmethod
    def of(cls, shown: SideShown) -> Self:
        """Show a side."""
        seen = shown.seen
        return cls(
            id=shown.side.id,
            person_id=shown.side.person_id,
            level=None if seen is None else int(seen.level),
            state=None if seen is None else seen.state.value,
            records=[RecordShown.of(record) for record in shown.records],
        )


class PartShown(BaseModel):
    """What one field says: level of agreement, and its weight in bits."""

    field: str
    level: str
    weight: float


class ComparisonShown(BaseModel):
    """Two sides compared by the records of them that resemble each other most."""

    between: tuple[UUID, UUID]
    records: tuple[UUID, UUID]
    outcome: str
    rule: str
    weight: float
    parts: list[PartShown]
    open: bool

    @classmethod
    def of(cls, made: Comparison) -> Self:
        """Show a comparison."""
        return cls(
            between=(made.one, made.other),
            records=(made.record_id, made.other_record_id),
            outcome=made.decision.outcome.value,
            rule=made.decision.rule,
            weight=made.decision.weight,
            parts=[PartShown(field=one.field, level=one.level, weight=one.weight) for one in made.decision.parts],
            open=made.is_open,
        )


class ConsequenceShown(BaseModel):
    """What would follow for a person, in both languages."""

    person_id: UUID
    zh: str
    en: str
    grave: bool

    @classmethod
    def of(cls, line: Line) -> Self:
        """Put a line in words."""
        zh, en = (words_in(one)(line.key, **line.facts) for one in (CHINESE, ENGLISH))
        return cls(person_id=line.person_id, zh=zh, en=en, grave=line.grave)


class DecisionShown(BaseModel):
    """A decision of the history."""

    id: UUID
    verdict: str
    state: str
    sides: list[UUID]
    reason: str
    account_id: UUID
    at: datetime
    second_account: UUID | None
    second_at: datetime | None
    undone_by: UUID | None
    undone_at: datetime | None
    undone_reason: str | None

    @classmethod
    def of(cls, row: Decided) -> Self:
        """Show a decision."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class OpenedShown(BaseModel):
    """A question opened: sides, comparisons, consequences, history."""

    question: QuestionShown
    sides: list[SideBody]
    comparisons: list[ComparisonShown]
    consequences: list[ConsequenceShown]
    history: list[DecisionShown]
    claimed_by_another: bool

    @classmethod
    def of(cls, opened: Opened) -> Self:
        """Show an opened question."""
        return cls(
            question=QuestionShown.of(opened.question),
            sides=[SideBody.of(one) for one in opened.sides],
            comparisons=[ComparisonShown.of(one) for one in opened.comparisons],
            consequences=[ConsequenceShown.of(one) for one in opened.consequences],
            history=[DecisionShown.of(one) for one in opened.history],
            claimed_by_another=opened.claimed_by_another,
        )


class AnsweredShown(BaseModel):
    """What became of an answer; `waits`: another reviewer must confirm."""

    question_id: UUID
    decision_id: UUID
    state: str
    waits: bool

    @classmethod
    def of(cls, answered: Answered) -> Self:
        """Show it."""
        return cls(
            question_id=answered.question_id,
            decision_id=answered.decision_id,
            state=answered.state.value,
            waits=answered.waits,
        )
