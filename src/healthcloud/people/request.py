"""What the routes of people take from a request, and common shapes of fields."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database
from healthcloud.core.http import DatabaseIn, Day, SettingsIn, Wish
from healthcloud.people.documents.form import DocumentForm
from healthcloud.people.documents.model import LONGEST_NUMBER
from healthcloud.people.model import Policy
from healthcloud.people.names.model import LONGEST as LONGEST_NAME

REGISTER, OPEN, CORRECT, RESIDENT = "people.register", "people.open", "people.correct", "resident"


# Twice and thrice the stored length: spaces and signs that normalising takes out may stand in what is written.
NameText = Annotated[str, Field(min_length=1, max_length=3 * LONGEST_NAME)]
NumberText = Annotated[str, Field(min_length=1, max_length=2 * LONGEST_NUMBER)]
PhoneText = Annotated[str, Field(min_length=5, max_length=32)]
CodeText = Annotated[str, Field(min_length=1, max_length=8)]
EvidenceText = Annotated[
    str, Field(min_length=1, max_length=200, description="What the clerk saw, without numbers 所见凭证，不写号码。")
]


class DocumentBody(Wish):
    """An identity document: kind of CV02.01.101 (01–08, 99), number as written, issuer as alpha-3 for passports."""

    kind: CodeText
    number: NumberText
    issuer: CodeText | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    def form(self) -> DocumentForm:
        """Return it as the feature takes it."""
        return DocumentForm(self.kind, self.number, self.issuer, self.valid_from, self.valid_to)


class Done(BaseModel):
    """It is done."""

    person_id: UUID


def today_of(database: Database) -> date:
    """Return today's date in Shanghai."""
    return database.clock.now().astimezone(SHANGHAI).date()


async def _policy(settings: SettingsIn) -> Policy:
    return Policy.of(settings)


async def _today(database: DatabaseIn) -> date:
    return today_of(database)


PolicyIn = Annotated[Policy, Depends(_policy)]
TodayIn = Annotated[date, Depends(_today)]
