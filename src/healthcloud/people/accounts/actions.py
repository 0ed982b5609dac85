"""Whose an account is: claimed by its owner, tied and untied at a counter."""

from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Unauthenticated
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people import store as persons
from healthcloud.people.accounts import store
from healthcloud.people.errors import AccountHasPerson, IdentityNotConfirmed, PersonNotFound
from healthcloud.people.events import AccountAttached, AccountDetached, PersonVerified
from healthcloud.people.finding import holder
from healthcloud.people.holding import hold
from healthcloud.people.model import Level, PersonState, Policy
from healthcloud.people.registration.actions import register_unchecked
from healthcloud.people.registration.model import Registered, Registration, Verification, agrees
from healthcloud.people.seen.model import Seen
from healthcloud.people.store import VerificationLine


async def person_of_account(read: Read, account_id: UUID) -> UUID | None:
    """Return whom an account belongs to, resolved; None while it is tied to nobody. Implements access's port."""
    return await store.canonical_of_account(read, account_id)


async def persons_of_accounts(read: Read, account_ids: list[UUID]) -> dict[UUID, UUID]:
    """Return whom each of these accounts belongs to, resolved, by account; by one statement."""
    found = await store.canonical_of_accounts(read, account_ids)
    return {one.account_id: one.canonical_id for one in found}


async def claim_own_person(
    tx: Transaction, caller: Caller, registration: Registration, verification: Verification, policy: Policy
) -> Registered:
    """
    Tie a resident's account to its own person (实名认证); `registration.phone` is the account's own, proven number.

    Somebody not known yet is registered. Somebody known is tied only where the account's number is the one a counter
    wrote down for them: a name and number alone prove nothing, many people know them. Otherwise IdentityNotConfirmed,
    whatever the reason, and the refusal is kept for the person. Raises AccountHasPerson.
    """
    if caller.kind is not CallerKind.RESIDENT:
        raise Unauthenticated
    mine = await person_of_account(tx, caller.account_id)
    known = None
    for document in registration.documents:
        known = known or await holder(tx, caller, document)
    if mine is not None:
        if known is not None and known.canonical_id == mine:
            await _keep_check(tx, caller, known, registration, verification)
            return Registered(mine, created=False)
        raise AccountHasPerson
    if known is None:
        answer = await register_unchecked(tx, caller, registration, verification, policy)
        if not answer.created:  # a counter registered them at this very moment
            raise IdentityNotConfirmed
    elif _is_confirmed(known, registration):
        await _keep_check(tx, caller, known, registration, verification)
        answer = Registered(known.canonical_id, created=False)
    else:
        audit.refuse(tx, caller, deeds.CLAIMED, known.canonical_id, reason=IdentityNotConfirmed.code)
        raise IdentityNotConfirmed
    await _tie(tx, caller, answer.person_id, caller.account_id)
    return answer


async def _keep_check(
    tx: Transaction, caller: Caller, known: Seen, registration: Registration, verification: Verification
) -> None:
    """Keep a check of somebody known before: it may raise their level, and what was frozen for a doubt asks for it."""
    if verification.level == Level.DECLARED or not agrees(known.face, registration):
        return
    held = await hold(tx, known.canonical_id)
    line = VerificationLine(
        new_id(), verification.level, verification.method, "passed", tx.clock.now(), verification.evidence
    )
    await persons.add_verification(tx, held.id, line, caller.account_id, None)
    levels = {"level": max(verification.level, held.row.level), "before": held.row.level}
    await audit.record(tx, caller, deeds.VERIFIED, held.id, detail=levels)
    if verification.level > held.row.level:
        await persons.raise_level(tx, held.id, held.row.version, verification.level)
        await tx.announce(PersonVerified(held.id, verification.level))


def _is_confirmed(known: Seen, registration: Registration) -> bool:
    same_phone = known.face.phone is not None and known.face.phone == registration.phone
    return same_phone and known.state is PersonState.ALIVE and agrees(known.face, registration)


async def attach_account(tx: Transaction, caller: Caller, person_id: UUID, account_id: UUID) -> None:
    """Tie an account to a person whom a clerk has before them (scope people.correct); an earlier account is untied."""
    deeds.must(caller, "people.correct")
    held = await hold(tx, person_id)
    if await store.account_of_person(tx, held.id) == account_id:
        return
    if await store.person_of_account(tx, account_id) is not None:
        raise AccountHasPerson
    await untie(tx, caller, held.id)
    await _tie(tx, caller, held.id, account_id)


async def detach_account(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """Untie whatever account a person has (scope people.correct); raise PersonNotFound where there is none."""
    deeds.must(caller, "people.correct")
    held = await hold(tx, person_id)
    if not await untie(tx, caller, held.id):
        raise PersonNotFound


async def untie(tx: Transaction, caller: Caller, person_id: UUID) -> bool:
    """Untie a person's account if there is one; tell whether there was."""
    account_id = await store.untie_person(tx, person_id)
    if account_id is None:
        return False
    await store.untie_account(tx, account_id)
    await audit.record(tx, caller, deeds.ACCOUNT_DETACHED, person_id)
    await tx.announce(AccountDetached(person_id, account_id))
    return True


async def _tie(tx: Transaction, caller: Caller, person_id: UUID, account_id: UUID) -> None:
    if not await store.tie_account(tx, account_id, person_id, tx.clock.now()):
        raise AccountHasPerson
    if not await store.tie_person(tx, person_id, account_id):
        audit.refuse(tx, caller, deeds.CLAIMED, person_id, reason=IdentityNotConfirmed.code)
        raise IdentityNotConfirmed
    await audit.record(tx, caller, deeds.ACCOUNT_ATTACHED, person_id)
    await tx.announce(AccountAttached(person_id, account_id))
