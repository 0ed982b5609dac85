"""What pages about a card share beside its code: who looks, whose card it is, how it stands, and refusals in words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from healthcloud import cards
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read
from healthcloud.core.errors import Problem
from healthcloud.web.forms import Fault, refused
from healthcloud.web.page import words_of
from healthcloud.web.resident.card import standing
from healthcloud.web.resident.card_subject import Subject, not_kept, subject_of
from healthcloud.web.resident.visitor import visitor

Shown: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CardVisit:
    """A resident at a page of a card they may show; `shown` is what its template reads."""

    caller: Caller
    subject: Subject
    shown: Shown


More: TypeAlias = Callable[[Read, Caller, Subject, cards.Front | None], Awaitable[Shown]]


async def visit_card(
    request: Request, database: Database, person: UUID | None, more: More | None = None
) -> CardVisit | Response:
    """
    Return who looks at which card, or where the browser goes.

    Shown are `subject`, `front`, `standing`, `back`, and what `more` adds.
    """
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return not_kept(request)
        return CardVisit(caller, subject, await card_shown(request, read, caller, subject, more))


async def card_shown(request: Request, read: Read, caller: Caller, subject: Subject, more: More | None) -> Shown:
    """Return what a card's page shows now."""
    front = await cards.front_of(read, subject.person_id)
    state = standing(words_of(request), front, read.clock.now())
    shown = {"subject": subject, "front": front, "standing": state, "back": "/card" + subject.query}
    return shown if more is None else shown | await more(read, caller, subject, front)


def refused_card(request: Request, template: str, problem: Problem, **shown: Any) -> HTMLResponse:
    """Return a card's page again with why it was refused, in its holder's words."""
    words, key = words_of(request), f"card.problem.{problem.code}"
    if not problem.faults:
        shown["errors"] = [Fault("", words(key) if key in words.texts else words.problem(problem))]
    return refused(request, template, problem, **shown)
