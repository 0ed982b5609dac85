"""A copy of what this city keeps about a resident, in a form machines and people read (PIPL article 45)."""

import base64
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from healthcloud import access, cards, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction

MOST_LINES = 200


async def copy_of(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """Return everything about the caller's own person; taking it is a line of their own record."""
    seen = await people.reveal_own(tx, caller, copied=True)
    person_id = seen.canonical_id
    card = await cards.card_of(tx, person_id)
    uses = await cards.my_uses(tx, caller, limit=MOST_LINES) if card else []
    looks = await people.looks.own_looks(tx, caller, limit=MOST_LINES)
    corrected = await people.corrections.corrections_of(tx, person_id)
    photo = await people.photos.open_photo(tx, caller, person_id)
    read_card = await people.id_records.record_of(tx, person_id)
    names = await institutions.names_of(tx, {one.institution_id for one in corrected if one.institution_id})
    return {
        "made_at": tx.clock.now(),
        "person": _fields(seen.face) | {"state": seen.state.value, "level": int(seen.level)},
        "photograph": None if photo is None else base64.b64encode(photo.jpeg).decode(),
        "identity_card": None if read_card is None else _fields(read_card),
        "sign_in_phone": await access.own_phone(tx, caller),
        "devices": [_plain(one) for one in await access.sessions.own_sessions(tx, caller)],
        "card": None if card is None else _card(card),
        "card_phones": [_phone(one) for one in await cards.phones.my_phones(tx, caller)] if card else [],
        "uses": [
            {"at": one.used_at, "institution": one.institution, "terminal": one.terminal, "scene": one.scene}
            for one in uses
        ],
        "consents": [_plain(one) for one in await people.consents.consents_of(tx, person_id)],
        "may_act_for_me": [_grant(one) for one in await people.grants.grants_of(tx, person_id)],
        "i_may_act_for": [_grant(one) for one in await people.grants.kept_by(tx, person_id)],
        "requests": [_plain(one) for one in await people.requests.own_requests(tx, caller, limit=MOST_LINES)],
        "corrections": [
            {
                "at": one.at,
                "fields": list(one.fields),
                "evidence": one.evidence,
                "institution": names.get(one.institution_id) if one.institution_id else None,
            }
            for one in corrected
        ],
        "record": [_plain(one) for one in looks],
        "newest_lines_of_each_list": MOST_LINES,
    }


def _fields(told: Struct) -> dict[str, Any]:
    return {name: getattr(told, name) for name in told.__struct_fields__}


def _card(card: cards.Card) -> dict[str, str | int | datetime | None]:
    return {
        "number": card.number,
        "status": card.status,
        "reason": card.reason,
        "kind": card.kind,
        "deadline": card.deadline,
        "since": card.created_at,
    }


def _phone(one: cards.phones.Phone) -> dict[str, str | datetime]:
    return {"label": one.label, "since": one.enrolled_at}


def _grant(one: people.grants.Grant) -> dict[str, str | list[str] | datetime | None]:
    return {
        "relation": one.relation,
        "scopes": one.scopes,
        "state": one.state,
        "asked_at": one.asked_at,
        "until": one.until,
        "decided_at": one.decided_at,
        "ended_at": one.ended_at,
    }


def _plain(row: Any) -> dict[str, Any]:
    """Return a row's own fields without the ids of others."""
    kept: dict[str, str | int | bool | date | None] = {}
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if not isinstance(value, UUID):
            kept[name] = value
    return kept
