"""The card as it is shown at a counter: a page that names nobody, what it is told, and pages for who has no script."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, cards
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.page import go_to, looker, page, words_of
from healthcloud.web.qr import code_svg
from healthcloud.web.resident.card_now import standing_of, tell_now
from healthcloud.web.resident.card_subject import Subject, not_kept, subject_of
from healthcloud.web.resident.card_words import card_words
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.shells import ShellPage, send_shell
from healthcloud.web.resident.visitor import visitor
from healthcloud.web.wording import Words

router = APIRouter(prefix="/card", include_in_schema=False)
SIGN_IN_FIRST = "/sign-in?next=/card"
CARD = ShellPage("/card", "resident/card_shell.html", card_words, tab="card")


@router.get("", dependencies=[needs_nothing("the page names nobody; whoever has no session is sent to sign in")])
async def card(request: Request) -> Response:
    """Show the card's page, which asks for the rest by itself."""
    if access.sessions.SESSION_COOKIE not in request.cookies:
        return go_to(SIGN_IN_FIRST)
    return send_shell(request, CARD)


@router.get("/now", dependencies=[needs_nothing("it answers with where to sign in, as pages do")])
async def now(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Tell the page whose card it is, how it stands, and its code of this minute; or where the browser goes."""
    told = await tell_now(database, await looker(request), person, settings.code_window_steps)
    return Response(told.body, told.status, media_type="application/json")


@router.get("/plain", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def plain(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show a card with its code in the page: for who has no script, and to say why there is none to show."""
    return await _shown(request, database, settings, person, "resident/card_plain.html", tab="card")


@router.get("/enlarge", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def enlarge(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show nothing but the code, as large as the screen lets it be; without script."""
    return await _shown(request, database, settings, person, "resident/card_enlarged.html", back="/card/plain")


async def _shown(
    request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None, template: str, **frame: Any
) -> Response:
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.glance() as read:
        subject = await subject_of(read, caller, person)
        front = None if subject is None else await cards.front_of(read, subject.person_id, settings.code_window_steps)
        moment = read.clock.now()
    if subject is None:
        return not_kept(request)
    words = words_of(request)
    return page(
        request,
        template,
        subject=subject,
        front=front,
        standing=standing(words, front, moment),
        drawn=code_svg(front.code.text) if front is not None and front.code is not None else None,
        chips=_chips(words, subject),
        **frame,
    )


def standing(words: Words, front: cards.Front | None, now: datetime) -> dict[str, Any]:
    """Return how a card stands in words: `key` by which pages tell, its name, why and what to do."""
    key = standing_of(front, now)
    return {"key": key, "name": words(f"card.status.{key}"), "about": words(f"card.about.{key}")}


def _chips(words: Words, subject: Subject) -> list[tuple[str, str, bool]]:
    first = words("card.own")
    return [
        (
            "/card/plain" if not one.relation else f"/card/plain?person={one.person_id}",
            subject.names[one.person_id] if one.relation else first,
            one.person_id == subject.person_id,
        )
        for one in subject.members
    ]
