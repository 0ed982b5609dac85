"""The bodies of the two hot endpoints, as msgspec reads and writes them."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from healthcloud import people
from healthcloud.cards.model import CardKind
from healthcloud.cards.uses.model import use_id
from healthcloud.cards.verification.model import Ask, Looked
from healthcloud_reader import step_start

MOST_CODES = 500
CodeText = Annotated[str, Meta(max_length=1024, description="What the scanner read, as it came. 扫码原文。")]
SceneCode = Annotated[str, Meta(max_length=16, description="medStepCode 诊疗环节; the terminal's own when left out.")]
TerminalText = Annotated[str, Meta(max_length=64, description="Terminal id, name or 终端号; left out for a bound one.")]


class SecondFact(Struct, frozen=True, forbid_unknown_fields=True):
    """
    What else shows who stands there: the whole name, the last four characters of an identity document, or `face`.

    With `face` the person at the terminal states that they compared the face; no value is sent.
    """

    kind: Literal["name", "last-digits", "face"]
    value: Annotated[str, Meta(max_length=100)] | None = None


class VerifyWish(Struct, frozen=True, forbid_unknown_fields=True):
    """One scan."""

    code: CodeText
    scene: SceneCode | None = None
    terminal: TerminalText | None = None
    second_fact: SecondFact | None = None


class BatchWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to 500 dynamic codes of one terminal and step, as a reader that was off line hands them in."""

    codes: Annotated[list[CodeText], Meta(min_length=1, max_length=MOST_CODES)]
    scene: SceneCode | None = None
    terminal: TerminalText | None = None


class PersonSeen(Struct, frozen=True, gc=False):
    """Who stands there: masked, the birth date as its year, unless the caller's scope opens identities."""

    id: str
    name: str
    sex: str
    birth_date: str
    document_kind: str
    document_number: str
    phone: str | None
    level: int
    masked: bool


class CardSeen(Struct, frozen=True, gc=False):
    """The card: its canonical number, and the scanned one where that is an alias."""

    id: str
    kind: str
    alias: str | None = None
    deadline: datetime | None = None


class UseSeen(Struct, frozen=True, gc=False):
    """The use: the same id for each repeat; `code_at` is the minute the code was made for, None for a printed one."""

    id: str
    repeat: bool
    code_at: datetime | None
    scene: str
    terminal_id: str


class Verified(Struct, frozen=True, gc=False, tag_field="status", tag="valid"):
    """
    A code that is good here and now.

    `local_number` is the institution's own patient number; `warnings` are codes such as `temporary-card`, `alias` or
    `level-declared`; `took_ms` is the time from the request's arrival to the answer.
    """

    person: PersonSeen
    card: CardSeen
    use: UseSeen
    local_number: str | None
    warnings: list[str]
    server_time: datetime
    took_ms: float


class Refused(Struct, frozen=True, gc=False, tag_field="status", tag="refused"):
    """A code of a batch that was not taken, with the problem it would have been answered with alone (RFC 9457)."""

    problem: msgspec.Raw


class BatchVerified(Struct, frozen=True):
    """What became of each code of a batch, in the order they were sent."""

    results: list[Verified | Refused]


def verified(ask: Ask, looked: Looked, seen: people.Seen, *, repeat: bool, now: datetime, took_ms: float) -> Verified:
    """Put the answer together."""
    alias = ask.card_id.hex().upper() if looked.alias_of is not None else None
    return Verified(
        person=_person(seen, full=ask.spot.full),
        card=CardSeen(
            id=(looked.alias_of or ask.card_id).hex().upper(),
            kind=looked.kind or CardKind.STANDARD,
            alias=alias,
            deadline=looked.deadline,
        ),
        use=UseSeen(
            id=use_id(ask.card_id, ask.step, ask.slot, ask.spot.terminal_id, ask.spot.scene),
            repeat=repeat,
            code_at=_start_of(ask.step),
            scene=ask.spot.scene,
            terminal_id=str(ask.spot.terminal_id),
        ),
        local_number=seen.local_number,
        warnings=_warnings(looked, seen),
        server_time=now,
        took_ms=took_ms,
    )


# The scans of a moment are of a few minutes.
_start_of = lru_cache(maxsize=256)(step_start)


def _warnings(looked: Looked, seen: people.Seen) -> list[str]:
    warnings = []
    if looked.kind != CardKind.STANDARD:
        warnings.append(f"{looked.kind}-card")
    if looked.alias_of is not None:
        warnings.append("alias")
    if seen.level is people.Level.DECLARED:
        warnings.append("level-declared")
    return warnings


def _person(seen: people.Seen, *, full: bool) -> PersonSeen:
    face = seen.face
    if full:
        return PersonSeen(
            id=str(seen.canonical_id),
            name=face.name,
            sex=face.sex,
            birth_date=face.birth_date.isoformat(),
            document_kind=face.document_kind,
            document_number=face.document_number,
            phone=face.phone,
            level=seen.level,
            masked=False,
        )
    shown = people.masked(face)
    return PersonSeen(
        id=str(seen.canonical_id),
        name=shown.name,
        sex=shown.sex,
        birth_date=str(shown.birth_year),
        document_kind=shown.document_kind,
        document_number=shown.document_number,
        phone=shown.phone,
        level=seen.level,
        masked=True,
    )
