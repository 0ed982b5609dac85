"""What is set right of somebody, linked to them, or ended, on an institution's word."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.db import Transaction
from healthcloud.gateway.neutral.applying import held_after
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.errands import carry_out, document_form, subject_of
from healthcloud.gateway.neutral.model import CardHeld, ChangeWish, Errand, Whose


@dataclass(frozen=True, slots=True)
class _Done:
    person_id: UUID


async def change(core: Core, errand: Errand, whose: Whose, wish: ChangeWish) -> CardHeld:
    """
    Set right what is registered of somebody (scope people.correct); the same again changes nothing and is no fault.

    Raises Unacceptable, DocumentBelongsToAnother, PhoneHasTooManyPersons, PersonNotFound, CardNotFound.
    """
    errand.caller.must("people.correct")

    async def act(tx: Transaction) -> _Done:
        person_id = await subject_of(tx, errand, whose)
        form = people.CorrectionForm(
            evidence=f"接口变更 {errand.face} {errand.method}",
            name=wish.name,
            sex=wish.sex,
            birth_date=wish.birth_date,
            ethnicity=wish.ethnicity,
            nationality=wish.nationality,
            document=None if wish.document is None else document_form(wish.document),
            mistyped=False,
        )
        with suppress(people.NothingToCorrect):
            await people.correct(tx, errand.caller, person_id, form)
        if wish.phone is not None:
            await people.contacts.change_phone(tx, errand.caller, person_id, wish.phone, core.policy)
        return _Done(person_id)

    done = await carry_out(core, errand, (whose, wish), act, _Done)
    return await _after(core, errand, done.person_id)


async def bind(core: Core, errand: Errand, whose: Whose, local_number: str) -> CardHeld:
    """Link a patient number of the caller's institution to somebody (scope people.register); twice is once."""

    async def act(tx: Transaction) -> _Done:
        person_id = await subject_of(tx, errand, whose)
        await people.patient_numbers.link_local_number(tx, errand.caller, person_id, local_number)
        return _Done(person_id)

    done = await carry_out(core, errand, (whose, local_number), act, _Done)
    return await _after(core, errand, done.person_id)


async def unbind(core: Core, errand: Errand, whose: Whose, local_number: str) -> None:
    """Take a patient number of the caller's institution off somebody (scope people.register)."""

    async def act(tx: Transaction) -> _Done:
        person_id = await subject_of(tx, errand, whose)
        await people.patient_numbers.unlink_local_number(tx, errand.caller, person_id, local_number)
        return _Done(person_id)

    await carry_out(core, errand, (whose, local_number), act, _Done)


async def cancel(core: Core, errand: Errand, whose: Whose) -> CardHeld:
    """Cancel somebody's card (注销) on their own word (scope cards.cancel); applying again restores it."""

    async def act(tx: Transaction) -> _Done:
        person_id = await subject_of(tx, errand, whose)
        await cards.counter.cancel_at_counter(tx, errand.caller, person_id)
        return _Done(person_id)

    done = await carry_out(core, errand, whose, act, _Done)
    return await _after(core, errand, done.person_id)


async def alias(core: Core, errand: Errand, old_card_id: str, card_id: str) -> CardHeld:
    """Have an old card id stand for a card (scope cards.manage); raise AliasImpossible, CardNotFound."""

    async def act(tx: Transaction) -> _Done:
        numbers = cards.read_number(old_card_id), cards.read_number(card_id)
        return _Done((await cards.add_alias(tx, errand.caller, *numbers)).person_id)

    done = await carry_out(core, errand, (old_card_id, card_id), act, _Done)
    return await _after(core, errand, done.person_id)


async def _after(core: Core, errand: Errand, person_id: UUID) -> CardHeld:
    async with core.database.read() as read:
        return await held_after(core, read, errand, person_id)
