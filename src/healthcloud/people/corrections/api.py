"""Corrections, documents and merges over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.corrections import actions
from healthcloud.people.corrections.model import CorrectionForm
from healthcloud.people.corrections.reads import Corrected, corrections_of
from healthcloud.people.documents.form import read_form_document
from healthcloud.people.held_documents.actions import add_document
from healthcloud.people.reading import FormReader
from healthcloud.people.request import (
    CORRECT,
    REGISTER,
    RESIDENT,
    CodeText,
    DocumentBody,
    Done,
    EvidenceText,
    NameText,
    TodayIn,
)

router = APIRouter(prefix="/people", tags=["people"])
_PERSON = (wrong.PersonNotFound, wrong.PersonGone)


class CorrectionBody(Wish):
    """
    What is to be set right; what is left out stays. `version` is the one that was looked at.

    `mistyped` 原号码录错: the old number never was theirs and is free for its holder; if not, it goes on finding them.
    """

    evidence: EvidenceText
    name: NameText | None = None
    sex: CodeText | None = None
    birth_date: Day | None = None
    ethnicity: CodeText | None = None
    nationality: CodeText | None = None
    document: DocumentBody | None = None
    mistyped: bool = True
    version: Annotated[int | None, Field(ge=1, le=2_147_483_647)] = None

    def form(self) -> CorrectionForm:
        """Return it as the feature takes it."""
        return CorrectionForm(
            evidence=self.evidence,
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
            document=self.document.form() if self.document else None,
            mistyped=self.mistyped,
            version=self.version,
        )


class CorrectedShown(BaseModel):
    """The version of a person's data after a correction."""

    person_id: UUID
    version: int


@router.get("/me/corrections", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def my_corrections(caller: CallerIn, database: DatabaseIn) -> list[Corrected]:
    """List what was corrected of one's own data 我的更正记录, newest first, without the values."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    async with database.read() as read:
        return await corrections_of(read, caller.person_id)


@router.post(
    "/{person_id:uuid}/corrections",
    status_code=201,
    response_model=CorrectedShown,
    dependencies=[needs(CORRECT)],
    responses=problems(
        *_PERSON, wrong.PersonChanged, wrong.DocumentBelongsToAnother, wrong.NothingToCorrect, *once_problems
    ),
)
async def correct(person_id: UUID, body: CorrectionBody, caller: CallerIn, once: OnceIn) -> Response:
    """Correct name, number, sex or birth date 更正身份信息; the next scan shows it."""

    async def act(tx: Transaction) -> CorrectedShown:
        version = await actions.correct(tx, caller, person_id, body.form())
        return CorrectedShown(person_id=person_id, version=version)

    return await once(act)


@router.post(
    "/{person_id:uuid}/documents",
    status_code=201,
    response_model=Done,
    dependencies=[needs(REGISTER)],
    responses=problems(*_PERSON, wrong.DocumentBelongsToAnother, wrong.IdentityConflict, *once_problems),
)
async def post_document(
    person_id: UUID, body: DocumentBody, caller: CallerIn, once: OnceIn, today: TodayIn
) -> Response:
    """Add a document that was seen 增加证件; a child's first one makes it an ordinary person, its id stays."""
    reader = FormReader()
    document = read_form_document(reader, "", body.form(), today)
    if document is None:
        raise Unacceptable(faults=tuple(reader.faults))

    async def act(tx: Transaction) -> Done:
        await add_document(tx, caller, person_id, document)
        return Done(person_id=person_id)

    return await once(act)
