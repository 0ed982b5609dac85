"""Keeping a photograph, looking at it, and removing it; each is a deed its person reads."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.authority import must_be_theirs_or, record_for_both
from healthcloud.people.consents import store as consents
from healthcloud.people.consents.actions import give_consent
from healthcloud.people.consents.model import ConsentWish
from healthcloud.people.errors import PersonNotFound
from healthcloud.people.grants.model import GrantScope
from healthcloud.people.grants.reads import is_self, may_act_for
from healthcloud.people.holding import hold
from healthcloud.people.model import PHOTO, Policy
from healthcloud.people.photos import store
from healthcloud.people.photos.errors import PhotoNotFound
from healthcloud.people.photos.model import DAYS, PURPOSE, TEXT_VERSION, Photo, read_photo
from healthcloud.people.photos.store import PhotoRow
from healthcloud.people.reading import read_evidence
from healthcloud.people.seen.store import group_of

REGISTER, OPEN = "people.register", "people.open"


async def keep_photo(
    tx: Transaction, caller: Caller, person_id: UUID, file: bytes, policy: Policy, *, channel: str = "counter"
) -> Photo:
    """
    Keep a photograph taken at a counter (scope people.register), in the place of the one before, for three years.

    The clerk has asked for the consent, which is written with it. Raises PhotoUnusable, PersonNotFound, PersonGone.
    """
    deeds.must(caller, REGISTER)
    jpeg = read_photo(file)
    held = await hold(tx, person_id)
    await _let_go(tx, caller, await group_of(tx, held.id))
    wish = ConsentWish(PURPOSE, TEXT_VERSION, DAYS, channel)
    consent = await give_consent(tx, caller, held.id, wish, policy)
    photo_id, now = new_id(), tx.clock.now()
    until = now + timedelta(days=DAYS)
    sealed = tx.vault.seal(PHOTO, held.id.bytes + photo_id.bytes, jpeg)
    row = PhotoRow(held.id, photo_id, sealed, consent.id, now, until, caller.account_id, caller.institution_id)
    await store.put_photo(tx, row)
    await audit.record(tx, caller, deeds.PHOTO_KEPT, held.id, detail={"until": until.date().isoformat()})
    return Photo(jpeg, now, until)


async def open_photo(tx: Transaction, caller: Caller, person_id: UUID, reason: str | None = None) -> Photo | None:
    """
    Return a person's photograph; None where there is none, which is no deed.

    To themself and to who keeps their identity freely; to staff and clients with people.open for a reason. Raises
    PersonNotFound for a resident who may not; Forbidden; Unacceptable for a reason that is none.
    """
    own = await is_self(tx, caller, person_id)
    if not own and caller.kind is CallerKind.RESIDENT:
        if not await may_act_for(tx, caller, person_id, GrantScope.IDENTITY):
            audit.refuse(tx, caller, deeds.PHOTO_SEEN, person_id, reason=PersonNotFound.code)
            raise PersonNotFound
    elif not own:
        deeds.must(caller, OPEN)
        caller = replace(caller, reason=read_evidence(reason or caller.reason or "", "reason"))
    row = await store.photo_of(tx, await group_of(tx, person_id), tx.clock.now())
    if row is None:
        return None
    if not own:
        await record_for_both(tx, caller, deeds.PHOTO_SEEN, row.person_id)
    jpeg = tx.vault.open(PHOTO, row.person_id.bytes + row.id.bytes, row.photo_sealed)
    return Photo(jpeg, row.taken_at, row.until)


async def remove_photo(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """
    Delete a person's photograph and withdraw its consent: the person, who keeps their consents, or a counter.

    Raises PersonNotFound, PhotoNotFound.
    """
    await must_be_theirs_or(tx, caller, person_id, GrantScope.CONSENTS, REGISTER, deeds.PHOTO_REMOVED)
    group = await group_of(tx, person_id)
    if not await _let_go(tx, caller, group):
        raise PhotoNotFound
    await record_for_both(tx, caller, deeds.PHOTO_REMOVED, group[0])


async def _let_go(tx: Transaction, caller: Caller, group: list[UUID]) -> bool:
    """Delete the photographs of a group, and withdraw what they stood on; tell whether there were any."""
    ended = await store.delete_photos(tx, group)
    for consent_id in ended:
        if await consents.withdraw(tx, group, consent_id, tx.clock.now(), caller.account_id) is not None:
            await record_for_both(tx, caller, deeds.CONSENT_WITHDRAWN, group[0], {"purpose": PURPOSE})
    return bool(ended)


async def delete_ended(tx: Transaction) -> int:
    """Delete the photographs whose time is over; return how many."""
    gone = await store.delete_ended(tx, tx.clock.now())
    await audit.record_many(tx, SYSTEM, [audit.Entry(deeds.PHOTO_REMOVED, one) for one in gone])
    return len(gone)
