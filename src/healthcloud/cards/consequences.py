"""What of cards would change hands if persons were joined or parted, told before anybody decides."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud.cards import store
from healthcloud.cards.model import CardStatus
from healthcloud.cards.phones import store as phones
from healthcloud.core.consequences import Line
from healthcloud.core.db import Read


async def what_follows(read: Read, person_ids: Sequence[UUID]) -> list[Line]:
    """
    Return what each of these persons holds: the card and its status, phones that make its codes.

    Of two cards the later comes to stand for the earlier: its codes go on, its phones are enrolled anew. That is told
    of whoever's card it is.
    """
    held = {one: await store.held_card_id(read, one) for one in person_ids}
    found = {one: await store.find_card(read, card_id) for one, card_id in held.items() if card_id is not None}
    cards = {one: card for one, card in found.items() if card is not None}
    lines = [Line(one, f"consequences.card-{card.status}") for one, card in cards.items()]
    for one, card in cards.items():
        live = [phone for phone in await phones.phones_of(read, card.id) if phone.removed_at is None]
        if live:
            lines.append(Line(one, "consequences.phones", {"count": len(live)}, grave=True))
    standing = [one for one in cards if cards[one].status != CardStatus.CANCELLED]
    if len(standing) > 1:
        later = max(standing, key=lambda one: (cards[one].created_at, cards[one].id))
        lines.append(Line(later, "consequences.stands-for", grave=True))
    return lines
