"""The card as it is shown at a counter: its code, whose it is, and the code made anew while the page is open."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.http import DatabaseIn, SettingsIn, needs, needs_nothing
from healthcloud.web.page import page, words_of
from healthcloud.web.qr import code_svg
from healthcloud.web.resident.card_subject import Subject, not_kept, subject_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import visitor
from healthcloud.web.wording import Words

router = APIRouter(prefix="/card", include_in_schema=False)


class CodeDrawn(msgspec.Struct, frozen=True):
    """A code as the page draws it, with instants in milliseconds of Unix time by the server's clock."""

    svg: str
    now: int
    refresh_at: int
    valid_until: int


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def card(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show a card: one's own, or that of somebody one acts for."""
    return await _shown(request, database, settings, person, "resident/card.html", tab="card")


@router.get("/enlarge", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def enlarge(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show nothing but the code, as large as the screen lets it be."""
    return await _shown(request, database, settings, person, "resident/card_enlarged.html", back="/card")


@router.get("/code", dependencies=[needs("resident")])
async def code(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Give the code of this minute to the page that is open."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await cards.code_of(read, caller, person, window_steps=settings.code_window_steps)
    return Response(msgspec.json.encode(drawn(shown)), media_type="application/json")


async def _shown(
    request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None, template: str, **frame: Any
) -> Response:
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.glance() as read:
        subject = await subject_of(read, caller, person)
        front = None if subject is None else await cards.front_of(read, subject.person_id, settings.code_window_steps)
        now = read.clock.now()
    if subject is None:
        return not_kept(request)
    words = words_of(request)
    return page(
        request,
        template,
        subject=subject,
        front=front,
        standing=standing(words, front, now),
        drawn=drawn(front.code) if front is not None and front.code is not None else None,
        chips=_chips(words, subject),
        **frame,
    )


def drawn(shown: cards.CodeShown) -> CodeDrawn:
    """Return a code as the page draws it."""
    return CodeDrawn(
        str(code_svg(shown.text)), _millis(shown.server_time), _millis(shown.refresh_at), _millis(shown.valid_until)
    )


def standing(words: Words, front: cards.Front | None, now: datetime) -> dict[str, Any]:
    """Return how a card stands in words: `key` by which pages tell, its name, why and what to do."""
    if front is None:
        key = "none"
    elif front.card.has_ended(now):
        key = "ended"
    elif front.card.status == cards.CardStatus.FROZEN:
        key = "risk" if front.card.reason == "risk" else "frozen"
    else:
        key = {
            cards.CardStatus.NORMAL: "normal",
            cards.CardStatus.CANCELLED: "cancelled",
            cards.CardStatus.PREPARED: "prepared",
        }.get(cards.CardStatus(front.card.status), "none")
    return {"key": key, "name": words(f"card.status.{key}"), "about": words(f"card.about.{key}")}


def _chips(words: Words, subject: Subject) -> list[tuple[str, str, bool]]:
    first = words("card.own")
    return [
        (
            "/card" if not one.relation else f"/card?person={one.person_id}",
            subject.names[one.person_id] if one.relation else first,
            one.person_id == subject.person_id,
        )
        for one in subject.members
    ]


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
