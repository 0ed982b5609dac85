"""Opening a card at a counter: looked at first, then carried out whole, in one transaction or not at all."""

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

import msgspec

from healthcloud import cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database, Transaction
from healthcloud.core.settings import Settings
from healthcloud.web.card_consent import CARD_CONSENT, DAYS, TEXT_VERSION
from healthcloud.web.clinic.registering import KEEPERS_SCOPES, Opening, Variant

# What the person reads of it later, where the clerk wrote nothing else.
BIRTH_SEEN, AGREED = "出生登记，已核对母亲证件", "本人在窗口当面同意"
NOT_KNOWN = people.Verification(people.Level.DECLARED, "unknown-patient")


class Opened(msgspec.Struct, frozen=True):
    """Who somebody is here now, whether they were known before, and what applying for their card did."""

    person_id: UUID
    created: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An opening whose registration was read and verified, ready to be carried out."""

    opening: Opening
    registration: people.Registration
    verification: people.Verification


class _Undone(Exception):
    """Takes a trial back with what it came to."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened


async def checked(database: Database, opening: Opening, registry: people.registry.PopulationRegistry | None) -> Checked:
    """Check an opening, the population registry asked; raise what a clerk must put right."""
    today = database.clock.now().astimezone(SHANGHAI).date()
    registration = people.read_registration(opening.form, today)
    if opening.variant is Variant.UNKNOWN:
        return Checked(opening, registration, people.Verification(NOT_KNOWN.level, NOT_KNOWN.method, opening.evidence))
    verification = await people.registry.verify_registration(
        registry, registration, seen=opening.seen, evidence=opening.evidence
    )
    return Checked(opening, registration, verification)


async def tried(database: Database, caller: Caller, wish: Checked, settings: Settings) -> Opened:
    """
    Return what carrying it out would come to: it is carried out, and taken back before anybody sees it.

    Raises what it would be refused with, and that refusal is kept: the clerk did try.
    """

    async def attempt(tx: Transaction) -> NoReturn:
        raise _Undone(await opened(tx, caller, wish, settings))

    try:
        await database.transact(attempt)
    except _Undone as undone:
        return undone.opened
    raise AssertionError


async def opened(tx: Transaction, caller: Caller, wish: Checked, settings: Settings) -> Opened:
    """Register, write the consent down, let a guardian act, and give the card: all of it, or nothing."""
    opening, policy = wish.opening, people.Policy.of(settings)
    registered = await people.register(tx, caller, wish.registration, wish.verification, policy)
    person_id = registered.person_id
    if opening.variant is not Variant.UNKNOWN:
        consent = people.consents.ConsentWish(CARD_CONSENT, TEXT_VERSION, DAYS, "counter")
        await people.consents.give_consent(tx, caller, person_id, consent, policy)
    if opening.keeper_id is not None:
        await _let_act(tx, caller, person_id, opening, policy)
    if opening.record is not None:
        await people.id_records.keep_record(tx, caller, person_id, opening.record)
    now = tx.clock.now()
    application = cards.Application(person_id, opening.kind, cards.Mode.COUNTER, opening.deadline(now))
    applied = await cards.apply(tx, caller, application, temporary_days=settings.temporary_card_days)
    return Opened(person_id, registered.created, applied.outcome)


async def _let_act(tx: Transaction, caller: Caller, person_id: UUID, opening: Opening, policy: people.Policy) -> None:
    """Let the keeper act, unless they may already, or it is the person themself."""
    keeper_id = opening.keeper_id
    if keeper_id is None or keeper_id == person_id:
        return
    held = await people.grants.grants_of(tx, person_id)
    now = tx.clock.now()
    if any(one.keeper_id == keeper_id and one.counts_at(now) for one in held):
        return
    today = now.astimezone(SHANGHAI).date()
    terms = people.grants.read_terms(opening.relation, KEEPERS_SCOPES, None, today)
    evidence = opening.evidence or (BIRTH_SEEN if opening.variant is Variant.NEWBORN else AGREED)
    await people.grants.grant_at_counter(tx, caller, person_id, keeper_id, terms, evidence, policy)
