"""Registering over HTTP; the population registry is asked before the transaction begins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from healthcloud.core.http import Day, Moment, Wish, needs, problems
from healthcloud.core.idempotency import AskedIn, once_problems, response_of
from healthcloud.people import errors as wrong
from healthcloud.people.counter.gathered import RegisteredShown, RegistrarIn
from healthcloud.people.patient_numbers.model import LONGEST as LONGEST_LOCAL_NUMBER
from healthcloud.people.registration.form import BirthForm, RegistrationForm, read_registration
from healthcloud.people.registration.model import MOST_DOCUMENTS
from healthcloud.people.registration.model import Wish as Wanted
from healthcloud.people.registry.checks import verify_registration
from healthcloud.people.registry.request import RegistryIn
from healthcloud.people.request import (
    REGISTER,
    CodeText,
    DocumentBody,
    EvidenceText,
    NameText,
    PhoneText,
)

router = APIRouter(prefix="/people", tags=["people"])
REFUSALS = (
    wrong.IdentityConflict,
    wrong.DocumentBelongsToAnother,
    wrong.RegistryMismatch,
    wrong.DeceasedInRegistry,
    wrong.LocalNumberTaken,
    wrong.PhoneHasTooManyPersons,
    wrong.MotherNotFound,
)


class BirthBody(Wish):
    """A birth by its mother, who is registered first; of several children each has its place."""

    mother_id: UUID
    born_at: Moment
    order: Annotated[int, Field(ge=1, le=8)] = 1
    of_several: bool = False

    def form(self) -> BirthForm:
        """Return it as the feature takes it."""
        return BirthForm(self.mother_id, self.born_at, self.order, self.of_several)


class RegistrationBody(Wish):
    """
    Somebody to be registered. Sex and birth date may be left out where an identity number says them.

    `document_seen`: a clerk had the document in hand 窗口已核对原件. `local_number`: the patient number of your
    institution 本机构患者号.
    """

    name: NameText | None = None
    sex: CodeText | None = None
    birth_date: Day | None = None
    documents: Annotated[tuple[DocumentBody, ...], Field(max_length=MOST_DOCUMENTS)] = ()
    birth: BirthBody | None = None
    phone: PhoneText | None = None
    ethnicity: CodeText | None = None
    nationality: CodeText | None = None
    local_number: Annotated[str | None, Field(max_length=LONGEST_LOCAL_NUMBER)] = None
    document_seen: bool = False
    evidence: EvidenceText | None = None

    def form(self) -> RegistrationForm:
        """Return it as the feature takes it."""
        return RegistrationForm(
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            documents=tuple(document.form() for document in self.documents),
            birth=self.birth.form() if self.birth else None,
            phone=self.phone,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
            local_number=self.local_number,
        )


@router.post(
    "",
    status_code=201,
    response_model=RegisteredShown,
    dependencies=[needs(REGISTER)],
    responses=problems(*REFUSALS, *once_problems),
)
async def register(body: RegistrationBody, asked: AskedIn, registrar: RegistrarIn, registry: RegistryIn) -> Response:
    """Register a person 登记, or find who they are already: the same document is the same person, from any desk."""
    registration = read_registration(body.form(), registrar.today)
    verification = await verify_registration(registry, registration, seen=body.document_seen, evidence=body.evidence)
    return response_of(await registrar.register(asked, Wanted(registration, verification)))
