"""Finding somebody and their card: masked, unless the caller may open identities, which is a deed with its reason."""

from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.db import Transaction
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import subject_of
from healthcloud.gateway.neutral.model import CardHeld, Errand, PersonHeld, Whose

OPEN = "people.open"


async def find(core: Core, errand: Errand, whose: Whose) -> PersonHeld:
    """Return somebody by card, document or the caller's own number; raise PersonNotFound, CardNotFound."""

    async def act(tx: Transaction) -> PersonHeld:
        person_id = await subject_of(tx, errand, whose)
        if OPEN in errand.caller.scopes:
            reason = f"接口查询 {errand.face} {errand.method}"
            return await _held(tx, await people.open_person(tx, errand.caller, person_id, reason), masked=False)
        seen = (await people.faces(tx, errand.caller.institution_id, [person_id])).get(person_id)
        if seen is None:
            raise people.PersonNotFound
        return await _held(tx, seen, masked=True)

    return await core.database.transact(act)


async def is_registered(core: Core, errand: Errand, whose: Whose) -> UUID | None:
    """Return who this is here, or None for nobody who has a card."""

    async def act(tx: Transaction) -> UUID | None:
        try:
            person_id = await subject_of(tx, errand, whose)
        except (people.PersonNotFound, cards.CardNotFound):
            return None
        return None if await cards.card_of(tx, person_id) is None else person_id

    return await core.database.transact(act)


async def _held(tx: Transaction, seen: people.Seen, *, masked: bool) -> PersonHeld:
    card = await cards.card_of(tx, seen.canonical_id)
    face, shown = seen.face, people.masked(seen.face)
    return PersonHeld(
        person_id=seen.canonical_id,
        name=shown.name if masked else face.name,
        sex=face.sex,
        birth_date=str(shown.birth_year) if masked else face.birth_date.isoformat(),
        document_kind=face.document_kind,
        document_number=shown.document_number if masked else face.document_number,
        phone=shown.phone if masked else face.phone,
        ethnicity=None if masked else face.ethnicity,
        nationality=None if masked else face.nationality,
        level=seen.level,
        local_number=seen.local_number,
        card=None if card is None else _card(card, seen),
        masked=masked,
    )


def _card(card: cards.Card, seen: people.Seen) -> CardHeld:
    return CardHeld(card.number, seen.canonical_id, card.status, card.kind, seen.level, None, seen.local_number)
