"""Residents' accounts and the codes sent to their phones; pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

CODE_DIGITS = 6


class CodePurpose(StrEnum):
    """What a code is good for; it is good for nothing else."""

    SIGN_IN = "sign-in"
    CHANGE_PHONE = "change-phone"
    AGREE = "agree"  # to be acted for by who stands beside them


@dataclass(frozen=True, slots=True)
class ResidentAccount:
    """A resident's account."""

    id: UUID
    state: str
    phone_sealed: bytes = field(repr=False)


def code_text(purpose: CodePurpose, number: str, code: str) -> str:
    """Write a code with the number and purpose it is good for: what its fingerprint is made of."""
    return f"{purpose}\n{number}\n{code}"
