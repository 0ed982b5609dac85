"""What the card's page is told each minute, as JSON: whose card, how it stands, its code; the page names nobody."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from healthcloud import cards, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.web.resident.card_subject import Subject, subject_of

_ENCODER = msgspec.json.Encoder()


class Member(msgspec.Struct, frozen=True):
    """Somebody whose card this visitor may show; `person` is empty for themself."""

    person: str
    name: str


class Code(msgspec.Struct, frozen=True):
    """A dynamic code; instants here and below are milliseconds of Unix time by the server's clock."""

    text: str
    refresh_at: int
    valid_until: int


class Used(msgspec.Struct, frozen=True):
    """The last use; `where` is empty where the institution is known no more."""

    at: int
    where: str


class Now(msgspec.Struct, frozen=True):
    """
    The front of a card.

    `standing` is a key of the catalogue's `card.status`; `phones` are those that make this card's codes, by which a
    phone that was removed learns that it was. Certificates of before `certified_from` are void, by a correction.
    """

    now: int
    person: str
    name: str
    document: str
    members: Sequence[Member]
    standing: str
    kind: str
    until: int | None
    code: Code | None
    used: Used | None
    phones: Sequence[str]
    certified_from: int


class Go(msgspec.Struct, frozen=True):
    """Where the browser goes instead."""

    go: str


class Told(NamedTuple):
    """An answer's status and JSON: Now with 200, else Go."""

    status: int
    body: bytes


SIGN_IN = Told(401, _ENCODER.encode(Go("/sign-in?next=/card")))
NOT_YOURS = Told(403, _ENCODER.encode(Go("/card/plain")))
REAL_NAME = Told(409, _ENCODER.encode(Go("/real-name?next=/card")))


async def tell_now(database: Database, caller: Caller, person: UUID | None, window_steps: int) -> Told:
    """Return the front of a card, one's own without `person`, or where whoever may not see it goes."""
    if caller.kind is not CallerKind.RESIDENT:
        return SIGN_IN if caller.kind is CallerKind.GUEST else NOT_YOURS
    if caller.person_id is None:
        return REAL_NAME
    async with database.glance() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return Told(404, _ENCODER.encode(Go(f"/card/plain?person={person}")))
        front = await cards.front_of(read, subject.person_id, window_steps)
        return told_of(subject, front, read.clock.now())


def told_of(subject: Subject, front: cards.Front | None, now: datetime) -> Told:
    """Return the front of a card as it is told."""
    return Told(200, _ENCODER.encode(_now(subject, front, now)))


def standing_of(front: cards.Front | None, now: datetime) -> str:
    """Return the key by which pages tell how a card stands."""
    if front is None:
        return "none"
    if front.card.has_ended(now):
        return "ended"
    if front.card.status == cards.CardStatus.FROZEN:
        return "risk" if front.card.reason == "risk" else "frozen"
    return {
        cards.CardStatus.NORMAL: "normal",
        cards.CardStatus.CANCELLED: "cancelled",
        cards.CardStatus.PREPARED: "prepared",
    }.get(cards.CardStatus(front.card.status), "none")


def _now(subject: Subject, front: cards.Front | None, now: datetime) -> Now:
    face = people.masked(subject.chosen.face)
    card = None if front is None else front.card
    return Now(
        millis(now),
        "" if subject.own else str(subject.person_id),
        face.name,
        face.document_number,
        [Member(str(one.person_id) if one.relation else "", subject.names[one.person_id]) for one in subject.members],
        standing_of(front, now),
        card.kind if card is not None else "",
        millis(card.deadline) if card is not None and card.deadline is not None else None,
        _code(front.code) if front is not None and front.code is not None else None,
        Used(millis(front.used_at), front.used_where or "") if front is not None and front.used_at else None,
        [str(one) for one in front.phones] if front is not None else (),
        front.certified_from * 60_000 if front is not None else 0,
    )


def _code(shown: cards.CodeShown) -> Code:
    return Code(shown.text, millis(shown.refresh_at), millis(shown.valid_until))


def millis(moment: datetime) -> int:
    """Return an instant as scripts count it."""
    return int(moment.timestamp() * 1000)
