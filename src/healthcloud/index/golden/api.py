"""The golden record over HTTP."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from healthcloud import people
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.index.golden.model import Golden, GoldenField, Said
from healthcloud.index.golden.reads import golden_of
from healthcloud.index.model import REVIEW

router = APIRouter(prefix="/index/persons", tags=["index"])


class GoldenBody(Wish):
    """Why every source is looked at; the person can read it."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class WordShown(BaseModel):
    """What else a source says of a field."""

    value: str
    source_id: UUID
    at: datetime

    @classmethod
    def of(cls, said: Said) -> Self:
        """Show it."""
        return cls(value=said.value, source_id=said.source_id, at=said.at)


class FieldShown(BaseModel):
    """A shown value, from which source and by which rule."""

    field: str
    value: str
    source_id: UUID
    rule: str
    at: datetime
    others: list[WordShown]

    @classmethod
    def of(cls, one: GoldenField) -> Self:
        """Show it."""
        others = [WordShown.of(other) for other in one.others]
        return cls(
            field=one.field.value,
            value=one.value,
            source_id=one.source_id,
            rule=one.rule.value,
            at=one.at,
            others=others,
        )


class GoldenShown(BaseModel):
    """The golden record; `differs` names fields in which the sources say otherwise than a verified face."""

    person_id: UUID
    fields: list[FieldShown]
    differs: list[str]

    @classmethod
    def of(cls, golden: Golden) -> Self:
        """Show it."""
        return cls(
            person_id=golden.person_id,
            fields=[FieldShown.of(one) for one in golden.fields],
            differs=[one.value for one in golden.differs],
        )


@router.post("/{person_id:uuid}/golden", dependencies=[needs(REVIEW)], responses=problems(people.PersonNotFound))
async def golden(person_id: UUID, body: GoldenBody, caller: CallerIn, database: DatabaseIn) -> GoldenShown:
    """Show what every source says of a person and which of it is shown by which rule 黄金记录; a deed they can read."""
    asking = replace(caller, reason=people.read_evidence(body.reason, "reason"))
    return GoldenShown.of(await database.transact(lambda tx: golden_of(tx, asking, person_id)))
