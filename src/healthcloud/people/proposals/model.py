"""A correction one operator has prepared, as it is sealed until another confirms it. Pure."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from healthcloud.people.corrections.model import CorrectionForm
from healthcloud.people.documents.form import DocumentForm

# What a wrong correction of makes another person of somebody: a name, a number, a birth date, a sex.
IDENTITY = frozenset({"name", "document", "birth_date", "sex"})


class Proposal(msgspec.Struct, frozen=True, array_like=True):
    """What is to be corrected, and by what evidence; what is None stays. New fields at the end."""

    evidence: str
    answer: str
    version: int
    name: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    document_kind: str | None = None
    document_number: str | None = None
    document_issuer: str | None = None
    mistyped: bool = True

    @classmethod
    def of(cls, form: CorrectionForm, answer: str, version: int) -> "Proposal":
        """Keep a form of this version of the person, with the words that answer the request."""
        document = form.document
        return cls(
            evidence=form.evidence,
            answer=answer,
            version=version,
            name=form.name,
            sex=form.sex,
            birth_date=form.birth_date,
            ethnicity=form.ethnicity,
            nationality=form.nationality,
            document_kind=document.kind if document else None,
            document_number=document.number if document else None,
            document_issuer=document.issuer if document else None,
            mistyped=form.mistyped,
        )

    @property
    def form(self) -> CorrectionForm:
        """The form to be carried out, refused where the person was changed since."""
        document = None
        if self.document_kind and self.document_number:
            document = DocumentForm(self.document_kind, self.document_number, self.document_issuer)
        return CorrectionForm(
            evidence=self.evidence,
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            ethnicity=self.ethnicity,
            nationality=self.nationality,
            document=document,
            mistyped=self.mistyped,
            version=self.version,
        )


class Proposed(msgspec.Struct, frozen=True):
    """That a correction waits: who prepared it and when, not what it says."""

    account_id: UUID
    proposed_at: datetime


def needs_second(form: CorrectionForm) -> bool:
    """Tell whether a second operator confirms a correction: wherever it changes who somebody is."""
    return any(getattr(form, field) is not None for field in IDENTITY)
