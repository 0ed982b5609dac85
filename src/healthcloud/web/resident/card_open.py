"""Getting a card: the one there is, a prepared one activated, a cancelled one restored, or a new one."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.card_consent import CARD_CONSENT
from healthcloud.web.page import form_of, page
from healthcloud.web.resident.card_subject import Subject
from healthcloud.web.resident.card_visit import Shown, refused_card, visit_card
from healthcloud.web.resident.consenting import consent_to, must_tick
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to

router = APIRouter(prefix="/card/open", include_in_schema=False)
NEWBORN_FOR = timedelta(days=366)
OUTCOMES = ("issued", "activated", "restored", "converted", "existing")


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def open_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Show for whom a card would be opened and what that means; or that they have one."""
    visit = await visit_card(request, database, person, _more)
    return visit if isinstance(visit, Response) else page(request, "resident/card_open.html", **visit.shown)


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def open_card(
    request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None
) -> Response:
    """Apply for the card, with the consent that was ticked."""
    visit = await visit_card(request, database, person, _more)
    if isinstance(visit, Response):
        return visit
    caller, subject, shown = visit.caller, visit.subject, visit.shown
    policy, form = people.Policy.of(settings), form_of(request)

    async def act(tx: Transaction) -> str:
        if not shown["consented"]:
            await consent_to(tx, caller, subject.person_id, (CARD_CONSENT,), policy)
        applied = await cards.apply(tx, caller, cards.Application(subject.whose, kind_for(subject, tx)))
        who = "" if subject.own else f"&person={subject.person_id}"
        return f"/card/open/done?outcome={applied.outcome}{who}"

    try:
        if not shown["consented"]:
            must_tick(form, ("agree",))
        if shown["level"] == 0 and shown["kind"] == cards.CardKind.STANDARD:
            raise Unacceptable(faults=(FieldFault("#", *_NOT_CHECKED),))
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        return refused_card(request, "resident/card_open.html", problem, **shown)


@router.get("/done", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def done(request: Request, database: DatabaseIn, outcome: str = "", person: UUID | None = None) -> Response:
    """Say what happens next."""
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    told = outcome if outcome in OUTCOMES else "existing"
    return page(request, "resident/card_opened.html", outcome=told, **visit.shown | {"back": "/card"})


_NOT_CHECKED = (
    "the identity is only declared so far; show the document at a counter once",
    "身份目前只是自报，请持证件到任一医院窗口核验一次",
)


def kind_for(subject: Subject, read: Read) -> cards.CardKind:
    """Return the kind of card somebody gets: a newborn's while a child of that age has no checked document."""
    age = read.clock.now().astimezone(SHANGHAI).date() - subject.chosen.face.birth_date
    is_newborn = subject.chosen.level == people.Level.DECLARED and timedelta() <= age <= NEWBORN_FOR
    return cards.CardKind.NEWBORN if is_newborn and not subject.own else cards.CardKind.STANDARD


async def _more(read: Read, _: Caller, subject: Subject, __: cards.Front | None) -> Shown:
    return {
        "level": int(subject.chosen.level),
        "kind": str(kind_for(subject, read)),
        "consented": await people.consents.consented(read, subject.person_id, CARD_CONSENT, read.clock.now()),
    }
