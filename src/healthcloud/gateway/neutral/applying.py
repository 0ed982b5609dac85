"""Applying for a card: somebody is registered, or found, and given theirs; in one transaction, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import carry_out, document_form, subject_of
from healthcloud.gateway.neutral.model import CardHeld, CardWish, Code, CodeKind, Errand, Whose

# A clerk at a window has the document in hand.
_SEEN = frozenset({cards.Mode.COUNTER})


@dataclass(frozen=True, slots=True)
class _Applied:
    person_id: UUID
    outcome: str


async def apply(core: Core, errand: Errand, wish: CardWish) -> CardHeld:
    """
    Register somebody and give them their card, or find both (scopes people.register and cards.issue).

    The code in the answer is of this minute, also for a repeat. Raises what people.register and cards.apply raise.
    """
    errand.caller.must("cards.issue")
    errand.caller.must("people.register")
    verification = await _verified(core, wish)

    async def act(tx: Transaction) -> _Applied:
        registration = people.read_registration(await _form(tx, errand, wish), core.today)
        registered = await people.register(tx, errand.caller, registration, verification, core.policy)
        kind = cards.CardKind.NEWBORN if wish.child and not wish.documents else cards.CardKind.STANDARD
        application = cards.Application(registered.person_id, kind, wish.mode)
        applied = await cards.apply(tx, errand.caller, application, temporary_days=core.temporary_days)
        return _Applied(registered.person_id, applied.outcome)

    applied = await carry_out(core, errand, wish, act, _Applied)
    async with core.database.read() as read:
        return await held_after(core, read, errand, applied.person_id, applied.outcome)


async def apply_many(core: Core, errands: Sequence[Errand], wishes: Sequence[CardWish]) -> list[CardHeld | Problem]:
    """Do as `apply` for each, every one a transaction of its own; what was refused stands at its place."""
    answers: list[CardHeld | Problem] = []
    for errand, wish in zip(errands, wishes, strict=True):
        try:
            answers.append(await apply(core, errand, wish))
        except Problem as problem:
            answers.append(problem)
    return answers


async def activate(core: Core, errand: Errand, whose: Whose) -> CardHeld:
    """Put a card made ahead in use (领码激活, scope cards.issue); any other card stays as it is."""

    async def act(tx: Transaction) -> _Applied:
        person_id = await subject_of(tx, errand, whose)
        applied = await cards.apply(tx, errand.caller, cards.Application(person_id))
        return _Applied(person_id, applied.outcome)

    applied = await carry_out(core, errand, whose, act, _Applied)
    async with core.database.read() as read:
        return await held_after(core, read, errand, applied.person_id, applied.outcome)


async def held_after(core: Core, read: Read, errand: Errand, person_id: UUID, outcome: str | None = None) -> CardHeld:
    """Return the card of somebody this errand was allowed to deal with, with its code where it may be shown."""
    seen = (await people.faces(read, errand.caller.institution_id, [person_id])).get(person_id)
    card = None if seen is None else await cards.card_of(read, seen.canonical_id)
    if seen is None or card is None:
        raise people.PersonNotFound
    shown = cards.counter.code_of_applied(read, card, core.window_steps)
    return CardHeld(
        card_id=card.number,
        person_id=seen.canonical_id,
        status=card.status,
        kind=card.kind,
        level=seen.level,
        outcome=outcome,
        local_number=seen.local_number,
        code=None if shown is None else dynamic(shown),
    )


def dynamic(shown: cards.CodeShown) -> Code:
    """Return a dynamic code as faces give it."""
    seconds = round((shown.valid_until - shown.server_time).total_seconds())
    return Code(shown.text, CodeKind.DYNAMIC, shown.valid_until, seconds)


async def _verified(core: Core, wish: CardWish) -> people.Verification:
    """Ask the population registry before any transaction; a child without documents has nothing to be asked about."""
    if wish.child is not None:
        return people.Verification()
    registration = people.read_registration(_plain(wish, None), core.today)
    seen = wish.mode in _SEEN
    evidence = "机构窗口核对证件原件" if seen else None
    return await people.registry.verify_registration(core.registry, registration, seen=seen, evidence=evidence)


async def _form(tx: Transaction, errand: Errand, wish: CardWish) -> people.RegistrationForm:
    if wish.child is None:
        return _plain(wish, None)
    mother_id = await subject_of(tx, errand, wish.child.mother)
    return _plain(wish, people.BirthForm(mother_id, wish.child.born_at, wish.child.order, wish.child.of_several))


def _plain(wish: CardWish, birth: people.BirthForm | None) -> people.RegistrationForm:
    return people.RegistrationForm(
        name=wish.name,
        sex=wish.sex,
        birth_date=wish.birth_date,
        documents=tuple(document_form(one) for one in wish.documents),
        birth=birth,
        phone=wish.phone,
        ethnicity=wish.ethnicity,
        nationality=wish.nationality,
        local_number=wish.local_number,
    )
