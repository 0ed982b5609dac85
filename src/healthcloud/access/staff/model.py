"""Members of staff, their invitations, and what is asked of a login name; pure."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)
_PIN = re.compile(r"\d{6,12}", re.ASCII)
_FEWEST_DIFFERENT_DIGITS = 3


class InvitationKind(StrEnum):
    """What an invitation lets its holder set."""

    BOTH = "both"  # of a new account: nothing but the token is asked
    PASSWORD = "password"  # noqa: S105 - a kind's name; asks for a code of the second factor
    SECOND_FACTOR = "second-factor"  # asks for the password


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A member of staff with what he proves himself by."""

    id: UUID
    state: str
    institution_id: UUID | None
    name: str
    login: str
    password_hash: str | None = field(repr=False)
    password_set_at: datetime | None
    totp_sealed: bytes | None = field(repr=False)
    totp_step: int
    pin_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A member of staff in a list."""

    id: UUID
    login: str
    name: str
    state: str
    institution_id: UUID | None
    created_at: datetime
    signed_in_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """An invitation that is neither spent nor expired."""

    account_id: UUID
    kind: str
    password_hash: str | None = field(repr=False)
    totp_sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed to the person invited, once: `token` cannot be shown again."""

    account_id: UUID
    login: str
    kind: str
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the new second factor is made from: `otpauth_uri` for a QR code, `secret` (base32) for typing."""

    login: str
    otpauth_uri: str = field(repr=False)
    secret: str = field(repr=False)


def normal_login(typed: str) -> str | None:
    """Return a login name in its one form: 3 to 32 small letters, digits, `.`, `_` or `-`, a letter first; or None."""
    login = unicodedata.normalize("NFKC", typed).strip().lower()
    return login if _LOGIN.fullmatch(login) else None


def is_good_pin(pin: str) -> bool:
    """Tell whether a PIN has 6 to 12 digits, three of them different."""
    return bool(_PIN.fullmatch(pin)) and len(set(pin)) >= _FEWEST_DIFFERENT_DIGITS


def missing_factors(account: StaffAccount) -> InvitationKind | None:
    """Return what this account still has to set before it can sign in."""
    if account.password_hash is None:
        return InvitationKind.BOTH if account.totp_sealed is None else InvitationKind.PASSWORD
    return InvitationKind.SECOND_FACTOR if account.totp_sealed is None else None


def invited_account(account_id: UUID, login: str, name: str, institution_id: UUID | None) -> StaffAccount:
    """Return a new account as it stands before its owner has set anything."""
    return StaffAccount(account_id, "invited", institution_id, name, login, None, None, None, 0, None)
