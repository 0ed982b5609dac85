"""What clerks do with practitioners."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.institutions.actions import hold_open
from healthcloud.institutions.codes import CodeClaim, require_codes
from healthcloud.institutions.deeds import ACCOUNT_LINKED, POST_ENDED, POST_TAKEN, PRACTITIONER_ADDED
from healthcloud.institutions.departments import department_of
from healthcloud.institutions.errors import ParticularsWrong
from healthcloud.institutions.practitioners import store
from healthcloud.institutions.practitioners.errors import (
    AccountLinked,
    LicenceTaken,
    PractitionerUnknown,
    StaffNumberTaken,
)
from healthcloud.institutions.practitioners.model import (
    Post,
    Practitioner,
    PractitionerWish,
    plain_number,
    wish_faults,
)
from healthcloud.institutions.rights import may_manage, may_manage_city


async def add_practitioner(tx: Transaction, caller: Caller, institution_id: UUID, wish: PractitionerWish) -> UUID:
    """
    Enter a practitioner with a post at an open institution; return the practitioner's id, old or new.

    With a licence number the practitioner is the same at every institution, without one the staff number tells. Raises
    LicenceTaken, StaffNumberTaken, DepartmentUnknown, ParticularsWrong, CodeUnknown.
    """
    may_manage(caller, institution_id)
    wish = replace(
        wish,
        staff_number=plain_number(wish.staff_number),
        licence_number=plain_number(wish.licence_number) if wish.licence_number else None,
    )
    await _check(tx, institution_id, wish)
    await hold_open(tx, [institution_id])
    one = Practitioner(new_id(), wish.name, wish.licence_number, wish.title_code)
    held = await _same_licence(tx, caller, one) if one.licence_number else None
    practitioner_id = held.id if held else one.id
    post = Post(institution_id, practitioner_id, wish.staff_number, wish.department_id, wish.started_on, None)
    if await store.take_post(tx, post) is None:
        return await _same_post(tx, post, wish)
    if not one.licence_number:
        await _add(tx, caller, one)
    await audit.record(tx, caller, POST_TAKEN, institution_id, detail={"practitioner": str(practitioner_id)})
    return practitioner_id


async def _check(tx: Transaction, institution_id: UUID, wish: PractitionerWish) -> None:
    faults = wish_faults(wish)
    if faults:
        raise ParticularsWrong(faults=faults)
    if wish.title_code is not None:
        await require_codes(tx, [CodeClaim("professional-title", wish.title_code, "#/title_code")])
    if wish.department_id is not None:
        await department_of(tx, institution_id, wish.department_id)


async def _add(tx: Transaction, caller: Caller, one: Practitioner) -> bool:
    added = await store.add_practitioner(tx, one, tx.clock.now())
    if added is not None:
        await audit.record(tx, caller, PRACTITIONER_ADDED, one.id)
    return added is not None


async def _same_licence(tx: Transaction, caller: Caller, one: Practitioner) -> Practitioner:
    """Add the practitioner, or find the one who holds the licence."""
    if await _add(tx, caller, one):
        return one
    held = await store.licensed(tx, one.licence_number or "")
    if held is None or held.name != one.name:
        raise LicenceTaken
    return held


async def _same_post(tx: Transaction, post: Post, wish: PractitionerWish) -> UUID:
    """Return whose post this is if the wish means them."""
    held = await store.post_numbered(tx, post.institution_id, post.staff_number)
    if held is None or held.ended_on is not None:
        raise StaffNumberTaken
    theirs = await store.practitioner(tx, held.practitioner_id)
    if theirs is None or theirs.name != wish.name or theirs.licence_number != wish.licence_number:
        raise StaffNumberTaken
    return theirs.id


async def end_post(tx: Transaction, caller: Caller, institution_id: UUID, practitioner_id: UUID, on: date) -> None:
    """End a practitioner's post at an institution; raise PractitionerUnknown where there is none that goes on."""
    may_manage(caller, institution_id)
    if not await store.end_post(tx, institution_id, practitioner_id, on):
        raise PractitionerUnknown
    await audit.record(tx, caller, POST_ENDED, institution_id, detail={"practitioner": str(practitioner_id)})


async def link_account(tx: Transaction, caller: Caller, account_id: UUID, practitioner_id: UUID) -> None:
    """Tie a staff account to the practitioner who works with it; raise PractitionerUnknown, AccountLinked."""
    may_manage_city(caller)
    if await store.practitioner(tx, practitioner_id) is None:
        raise PractitionerUnknown
    if await store.link_account(tx, account_id, practitioner_id, tx.clock.now()):
        await audit.record(tx, caller, ACCOUNT_LINKED, account_id, detail={"practitioner": str(practitioner_id)})
        return
    theirs = await store.practitioner_of_account(tx, account_id)
    if theirs is None or theirs.id != practitioner_id:
        raise AccountLinked
