"""A correction one operator has prepared, as it is sealed until another confirms it. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

from healthcloud.people.corrections.model import CorrectionForm

# What a wrong correction of makes another person of somebody: a name, a number, a birth date, a sex.
IDENTITY = frozenset({"name", "document", "birth_date", "sex"})


class Proposal(msgspec.Struct, frozen=True, array_like=True):
    """A form for the version of the person it was prepared beside, and the words that answer the request."""

    form: CorrectionForm
    answer: str


class Proposed(msgspec.Struct, frozen=True):
    """That a correction waits: who prepared it and when, not what it says."""

    account_id: UUID
    proposed_at: datetime


def needs_second(form: CorrectionForm) -> bool:
    """Tell whether a second operator confirms a correction: wherever it changes who somebody is."""
    return any(getattr(form, field) is not None for field in IDENTITY)
