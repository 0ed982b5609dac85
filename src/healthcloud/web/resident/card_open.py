"""Getting a card: the one there is, a prepared one activated, a cancelled one restored, or a new one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.card_consent import CARD_CONSENT
from healthcloud.web.forms import Fault, refused
from healthcloud.web.page import form_of, page, words_of
from healthcloud.web.resident.card import standing, why_not
from healthcloud.web.resident.card_subject import Subject, not_kept, subject_of
from healthcloud.web.resident.consenting import consent_to, must_tick
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to, visitor

router = APIRouter(prefix="/card/open", include_in_schema=False)
NEWBORN_FOR = timedelta(days=366)
OUTCOMES = ("issued", "activated", "restored", "converted", "existing")


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def open_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Show for whom a card would be opened and what that means; or that they have one."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return not_kept(request)
        shown = await _shown(request, read, subject)
    return page(request, "resident/card_open.html", **shown)


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def open_card(
    request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None
) -> Response:
    """Apply for the card, with the consent that was ticked."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return not_kept(request)
        shown = await _shown(request, read, subject)
    policy, form = people.Policy.of(settings), form_of(request)

    async def act(tx: Transaction) -> str:
        if not shown["consented"]:
            await consent_to(tx, caller, subject.person_id, (CARD_CONSENT,), policy)
        applied = await cards.apply(tx, caller, _application(tx, subject))
        who = "" if subject.own else f"&person={subject.person_id}"
        return f"/card/open/done?outcome={applied.outcome}{who}"

    try:
        if not shown["consented"]:
            must_tick(form, ("agree",))
        if shown["level"] == 0 and shown["kind"] == cards.CardKind.STANDARD:
            raise Unacceptable(faults=(FieldFault("#", *_NOT_CHECKED),))
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        texts = {} if problem.faults else {"errors": [Fault("", why_not(words_of(request), problem))]}
        return refused(request, "resident/card_open.html", problem, **(shown | texts))


@router.get("/done", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def done(request: Request, database: DatabaseIn, outcome: str = "", person: UUID | None = None) -> Response:
    """Say what happens next."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
    if subject is None:
        return not_kept(request)
    told = outcome if outcome in OUTCOMES else "existing"
    return page(request, "resident/card_opened.html", subject=subject, outcome=told, back="/card")


_NOT_CHECKED = (
    "the identity is only declared so far; show the document at a counter once",
    "身份目前只是自报，请持证件到任一医院窗口核验一次",
)


def _application(tx: Transaction, subject: Subject) -> cards.Application:
    kind = kind_for(subject, tx)
    return cards.Application(None if subject.own else subject.person_id, kind)


def kind_for(subject: Subject, read: Read) -> cards.CardKind:
    """Return the kind of card somebody gets: a newborn's while a child of that age has no checked document."""
    age = read.clock.now().astimezone(SHANGHAI).date() - subject.chosen.face.birth_date
    is_newborn = subject.chosen.level == people.Level.DECLARED and timedelta() <= age <= NEWBORN_FOR
    return cards.CardKind.NEWBORN if is_newborn and not subject.own else cards.CardKind.STANDARD


async def _shown(request: Request, read: Read, subject: Subject) -> dict[str, Any]:
    front = await cards.front_of(read, subject.person_id)
    now = read.clock.now()
    return {
        "subject": subject,
        "standing": standing(words_of(request), front, now),
        "level": int(subject.chosen.level),
        "kind": str(kind_for(subject, read)),
        "consented": await people.consents.consented(read, subject.person_id, CARD_CONSENT, now),
        "back": "/card" + subject.query,
    }
