"""Everything about a card that is not its code: number, standing, phones, hospitals that know its holder."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import page, words_of
from healthcloud.web.resident.card import standing
from healthcloud.web.resident.card_subject import Subject, not_kept, subject_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to, visitor

router = APIRouter(prefix="/card", include_in_schema=False)
GROUP = 8


@router.get("/detail", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def detail(request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None) -> Response:
    """Show a card's number, how it stands, its phones and the hospital numbers of its holder."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return not_kept(request)
        shown = await _shown(request, read, caller, subject, settings.phones_per_card)
    return page(request, "resident/card_detail.html", **shown)


@router.post("/phones/{phone_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def remove_phone(
    phone_id: UUID, request: Request, database: DatabaseIn, settings: SettingsIn, person: UUID | None = None
) -> Response:
    """Remove a phone from a card: its next code is refused."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
    if subject is None:
        return not_kept(request)

    async def act(tx: Transaction) -> str:
        await cards.phones.remove_phone(tx, caller, None if subject.own else subject.person_id, phone_id)
        return "/card/detail" + subject.query

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        async with database.read() as read:
            shown = await _shown(request, read, caller, subject, settings.phones_per_card)
        return refused(request, "resident/card_detail.html", problem, **shown)


async def _shown(request: Request, read: Read, caller: Caller, subject: Subject, most_phones: int) -> dict[str, Any]:
    front = await cards.front_of(read, subject.person_id)
    whose = None if subject.own else subject.person_id
    phones = await cards.phones.my_phones(read, caller, whose) if front is not None else []
    numbers = await people.patient_numbers.numbers_for(read, caller, subject.person_id)
    names = await institutions.names_of(read, {one.institution_id for one in numbers})
    number = front.card.number if front is not None else ""
    return {
        "subject": subject,
        "front": front,
        "number": " ".join(number[place : place + GROUP] for place in range(0, len(number), GROUP)),
        "standing": standing(words_of(request), front, read.clock.now()),
        "phones": phones,
        "most_phones": most_phones,
        "numbers": [(names.get(one.institution_id, ""), one.number, one.linked_at) for one in numbers],
        "back": "/card" + subject.query,
    }
