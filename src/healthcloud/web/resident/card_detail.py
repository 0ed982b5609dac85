"""Everything about a card that is not its code: number, standing, phones, hospitals that know its holder."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import page
from healthcloud.web.resident.card_subject import Subject
from healthcloud.web.resident.card_visit import Shown, card_shown, visit_card
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to

router = APIRouter(prefix="/card", include_in_schema=False)
GROUP = 8


@router.get("/detail", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def detail(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show a card's number, how it stands, its phones and the hospital numbers of its holder."""
    visit = await visit_card(request, database, person, _more)
    if isinstance(visit, Response):
        return visit
    return page(request, "resident/card_detail.html", most_phones=settings.phones_per_card, **visit.shown)


@router.post("/phones/{phone_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def remove_phone(
    phone_id: UUID, request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None
) -> Response:
    """Remove a phone from a card: its next code is refused."""
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    caller, subject = visit.caller, visit.subject

    async def act(tx: Transaction) -> str:
        await cards.phones.remove_phone(tx, caller, subject.whose, phone_id)
        return "/card/detail" + subject.query

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        async with database.read() as read:
            shown = await card_shown(request, read, caller, subject, _more)
        return refused(request, "resident/card_detail.html", problem, most_phones=settings.phones_per_card, **shown)


async def _more(read: Read, caller: Caller, subject: Subject, front: cards.Front | None) -> Shown:
    phones = await cards.phones.my_phones(read, caller, subject.whose) if front is not None else []
    numbers = await people.patient_numbers.numbers_for(read, caller, subject.person_id)
    names = await institutions.names_of(read, {one.institution_id for one in numbers})
    number = front.card.number if front is not None else ""
    return {
        "number": " ".join(number[place : place + GROUP] for place in range(0, len(number), GROUP)),
        "phones": phones,
        "numbers": [(names.get(one.institution_id, ""), one.number, one.linked_at) for one in numbers],
    }
