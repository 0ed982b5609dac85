"""Asking a citizen to confirm on the city's page, and learning their answer by its one-use code."""

from dataclasses import dataclass, field
from uuid import UUID

from healthcloud import cards, exchange
from healthcloud.core.db import Transaction
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import carry_out, subject_of
from healthcloud.gateway.neutral.model import Errand, Whose

PAGE = "/confirm"
confirmations = exchange.confirmations


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A confirmation that was asked for: its number, and the page the citizen is sent to."""

    id: UUID
    page: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a citizen said, and their card as far as they agreed."""

    agreed: bool
    card_id: str | None


async def ask_citizen(
    core: Core, errand: Errand, whose: Whose, carried: "exchange.confirmations.Carried"
) -> Confirmation:
    """Ask whom this names; raise PersonNotFound, RedirectRefused."""

    async def act(tx: Transaction) -> Confirmation:
        person_id = await subject_of(tx, errand, whose)
        asked = await confirmations.ask(tx, errand.caller, person_id, carried, core.returning)
        return Confirmation(asked.id, f"{core.public_url.rstrip('/')}{PAGE}/{asked.token}")

    return await carry_out(core, errand, (whose, carried), act, Confirmation)


async def learn_answer(core: Core, errand: Errand, confirmation_id: UUID, code: str) -> Learned:
    """Tell what was said, once; raise ConfirmationUnknown, CodeWrong, CodeUsed, ConfirmationExpired."""

    async def act(tx: Transaction) -> Learned:
        answer = await confirmations.redeem(tx, errand.caller, confirmation_id, code)
        card = await cards.card_of(tx, answer.person_id) if answer.agreed else None
        return Learned(answer.agreed, None if card is None else card.number)

    return await carry_out(core, errand, (confirmation_id, code), act, Learned)
