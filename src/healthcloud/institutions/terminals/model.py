"""What a terminal is, how it is enrolled, and what card platforms call it; pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use
from healthcloud.core.errors import FieldFault
from healthcloud.institutions.codes import CodeClaim
from healthcloud.institutions.model import LONGEST_NAME, Alias, text_faults
from healthcloud.institutions.numbers import NumberKind

ENROLMENT = "institutions.enrolment-code"
PURPOSES = (Purpose(ENROLMENT, Use.FINGERPRINT),)
ENROLMENT_LIFE = timedelta(minutes=30)
# 30 characters nobody mistakes for another; ten of them are 49 bits, for half an hour and one use.
ENROLMENT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ENROLMENT_LENGTH = 10
NOT_MAPPED = "-1"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_TERMINAL_CODE = re.compile(r"(?P<organisation>.+)_(?P<department>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class TerminalWish:
    """A terminal to be added: `kind` 01 window, 02 kiosk, 99 other (terminal-kind); `scene_code` its usual scene."""

    name: str
    kind: str
    scene_code: str
    department_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Terminal:
    """A place where codes are scanned; `binding` rises with each browser bound, `client_id` alone may speak for it."""

    id: UUID
    institution_id: UUID
    department_id: UUID | None
    name: str
    kind: str
    scene_code: str
    client_id: UUID | None
    state: str
    binding: int
    retired_at: datetime | None
    replaced_by: UUID | None

    @property
    def is_active(self) -> bool:
        """Whether it is in use."""
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class Seat:
    """The terminal a browser sits at, and whose it is: what access asks of TerminalOfToken."""

    terminal_id: UUID
    institution_id: UUID


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A one-time code, shown once to the clerk, that binds a browser to this terminal until `expires_at`."""

    terminal_id: UUID
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """A browser's terminal, and the token it carries from now on; only the token's digest is stored."""

    terminal: Terminal
    token: str = field(repr=False)


def plain_enrolment_code(text: str) -> str:
    """Return a code as it was made, from how somebody typed it."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def shown_enrolment_code(code: str) -> str:
    """Write a code in two halves, to be read aloud."""
    half = ENROLMENT_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def is_token(text: str) -> bool:
    """Tell whether a cookie's value may be a terminal's token."""
    return _TOKEN.fullmatch(text) is not None


def wish_faults(wish: TerminalWish) -> tuple[FieldFault, ...]:
    """Return what is wrong with a wish's name."""
    return tuple(text_faults("name", wish.name, LONGEST_NAME, required=True))


def kind_claim(wish: TerminalWish) -> CodeClaim:
    """Return which kind of terminal this claims to be in force."""
    return CodeClaim("terminal-kind", wish.kind, "#/kind")


def is_same(found: Terminal, wish: TerminalWish) -> bool:
    """Tell whether a second entry means this terminal."""
    theirs = (found.kind, found.scene_code, found.department_id)
    return theirs == (wish.kind, wish.scene_code, wish.department_id)


def organisation_code(aliases: Sequence[Alias]) -> str | None:
    """Return the number by which card platforms name an institution: the platform's own, else an official one."""
    by_kind = {one.kind: one.alias for one in sorted(aliases, key=lambda one: one.alias, reverse=True)}
    kinds = (NumberKind.PLATFORM, NumberKind.WS218, NumberKind.ORGANISATION, NumberKind.USCC)
    return next((by_kind[kind] for kind in kinds if kind in by_kind), None)


def terminal_code(organisation: str | None, standard_code: str | None) -> str:
    """Return 终端号 as card platforms write it: organisation code, `_`, four digits of the department; else `-1`."""
    if organisation is None or standard_code is None or not _FOUR_DIGITS.fullmatch(standard_code):
        return NOT_MAPPED
    return f"{organisation}_{standard_code}"


def parts_of_terminal_code(text: str) -> tuple[str, str] | None:
    """Return the organisation code and the department's four digits of a 终端号, or None where it is none."""
    parts = _TERMINAL_CODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return None if parts is None else (parts["organisation"], parts["department"])
