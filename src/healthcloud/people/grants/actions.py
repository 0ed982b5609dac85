"""Asking for a care grant, accepting, refusing and withdrawing it; each line is written for both."""

from datetime import date
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unauthenticated
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.errors import (
    GrantAlreadyOpen,
    GrantDecided,
    GrantNotFound,
    GuardianNeeded,
    PersonNotFound,
    TooManyKeepers,
    TooManyKept,
)
from healthcloud.people.events import GrantAccepted, GrantAsked, GrantEnded
from healthcloud.people.finding import named_holder
from healthcloud.people.grants import store
from healthcloud.people.grants.model import (
    Grant,
    GrantScope,
    GrantState,
    GrantWish,
    Relation,
    Terms,
    ends_at,
    needs_guardian,
    read_terms,
)
from healthcloud.people.grants.reads import is_self
from healthcloud.people.holding import Held, hold
from healthcloud.people.model import PersonState, Policy
from healthcloud.people.reading import read_evidence
from healthcloud.people.seen import store as faces
from healthcloud.people.store import newborn

OPEN = (GrantState.ASKED, GrantState.ACCEPTED)
BIRTH_RECORD = "birth registered by the mother"
BY_CODE = "code sent to the person's own phone"
EXPIRED_AT_ONCE = 500


async def ask_grant(tx: Transaction, caller: Caller, wish: GrantWish, policy: Policy) -> Grant:
    """
    Ask to act for somebody, named as on their document.

    A mother whose newborn was registered at its birth is accepted at once; anybody else waits for the person, or for a
    counter. Raises PersonNotFound where name and document do not fit, and where there is nobody: the two look alike.
    """
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise Unauthenticated
    terms = read_terms(wish.relation, wish.scopes, wish.last_day, _today(tx))
    person_id = await named_holder(tx, caller, deeds.GRANT_ASKED, wish.name, wish.document)
    person, keeper = await _hold_both(tx, person_id, caller.person_id)
    grant = await _add(tx, caller, person, keeper, terms, policy)
    if await _is_mother(tx, keeper, person):
        return await _accept(tx, caller, grant, person, keeper, BIRTH_RECORD, policy)
    return grant


async def keep_newborn(tx: Transaction, caller: Caller, person_id: UUID, policy: Policy) -> Grant:
    """
    Let a mother act for a child whose birth was registered with her as the mother, in every matter, until of age.

    Raises PersonNotFound for anybody else, as if there were nobody.
    """
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise Unauthenticated
    person, keeper = await _hold_both(tx, person_id, caller.person_id)
    if not await _is_mother(tx, keeper, person):
        audit.refuse(tx, caller, deeds.GRANT_ASKED, person.id, reason=PersonNotFound.code)
        raise PersonNotFound
    terms = read_terms(Relation.PARENT, tuple(GrantScope), None, _today(tx))
    grant = await _add(tx, caller, person, keeper, terms, policy)
    return await _accept(tx, caller, grant, person, keeper, BIRTH_RECORD, policy)


async def accept_by_code(tx: Transaction, caller: Caller, grant: Grant, policy: Policy) -> Grant:
    """Put in force what the person agreed to by a code sent to their own phone; raises as accept_grant."""
    person, keeper = await _hold_both(tx, grant.person_id, grant.keeper_id)
    if needs_guardian(person.face.birth_date, _today(tx), policy):
        audit.refuse(tx, caller, deeds.GRANT_ACCEPTED, person.id, reason=GuardianNeeded.code)
        raise GuardianNeeded
    return await _accept(tx, caller, grant, person, keeper, BY_CODE, policy)


async def grant_at_counter(
    tx: Transaction, caller: Caller, person_id: UUID, keeper_id: UUID, terms: Terms, evidence: str, policy: Policy
) -> Grant:
    """
    Let somebody act for a person by what a clerk saw: birth certificate, household register, the person before them.

    For those without a phone and for children under the age of consent (scope people.register).
    """
    deeds.must(caller, "people.register")
    told = read_evidence(evidence)
    person, keeper = await _hold_both(tx, person_id, keeper_id)
    grant = await _add(tx, caller, person, keeper, terms, policy)
    return await _accept(tx, caller, grant, person, keeper, told, policy)


async def accept_grant(
    tx: Transaction, caller: Caller, person_id: UUID, grant_id: UUID, evidence: str | None, policy: Policy
) -> Grant:
    """
    Agree to what was asked: the person themself from the age of consent on, or a clerk who saw evidence.

    Raises GrantNotFound, GrantDecided, GuardianNeeded, TooManyKept, TooManyKeepers.
    """
    grant = await _asked(tx, caller, person_id, grant_id)
    person, keeper = await _hold_both(tx, grant.person_id, grant.keeper_id)
    if caller.kind is CallerKind.RESIDENT:
        if needs_guardian(person.face.birth_date, _today(tx), policy):
            audit.refuse(tx, caller, deeds.GRANT_ACCEPTED, person.id, reason=GuardianNeeded.code)
            raise GuardianNeeded
        told = None
    else:
        told = read_evidence(evidence or "")
    return await _accept(tx, caller, grant, person, keeper, told, policy)


async def refuse_grant(tx: Transaction, caller: Caller, person_id: UUID, grant_id: UUID) -> None:
    """Say no to what was asked: the person themself, or a clerk."""
    grant = await _asked(tx, caller, person_id, grant_id)
    if not await store.decide(tx, grant.person_id, grant.id, GrantState.REFUSED, tx.clock.now(), grant.until, None):
        raise GrantDecided
    await _ended(tx, caller, deeds.GRANT_REFUSED, grant, GrantState.REFUSED)


async def withdraw_grant(tx: Transaction, caller: Caller, person_id: UUID, grant_id: UUID) -> None:
    """Take a grant back, asked or accepted: the person, the keeper, or a clerk (scope people.register)."""
    grant = await store.grant(tx, person_id, grant_id)
    if grant is None:
        raise GrantNotFound
    if caller.kind is CallerKind.RESIDENT:
        if not (await is_self(tx, caller, grant.person_id) or await is_self(tx, caller, grant.keeper_id)):
            audit.refuse(tx, caller, deeds.GRANT_WITHDRAWN, grant.person_id, reason=GrantNotFound.code)
            raise GrantNotFound
    else:
        deeds.must(caller, "people.register")
    if not await store.end(tx, grant.person_id, grant.id, GrantState.WITHDRAWN, tx.clock.now()):
        raise GrantDecided
    await _ended(tx, caller, deeds.GRANT_WITHDRAWN, grant, GrantState.WITHDRAWN)


async def end_grants_of(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """End every open grant over a person or of one, because their registration ends."""
    both = [*await store.grants_of(tx, [person_id]), *await store.kept_by(tx, [person_id])]
    for grant in both:
        if await store.end(tx, grant.person_id, grant.id, GrantState.ENDED, tx.clock.now()):
            await _ended(tx, caller, deeds.GRANT_WITHDRAWN, grant, GrantState.ENDED)


async def end_expired(tx: Transaction, caller: Caller) -> int:
    """End grants whose time is over and tell both; return how many, to be called again until 0."""
    over = await store.expired(tx, tx.clock.now(), EXPIRED_AT_ONCE)
    for grant in over:
        await _ended(tx, caller, deeds.GRANT_WITHDRAWN, grant, GrantState.ENDED)
    return len(over)


async def _asked(tx: Transaction, caller: Caller, person_id: UUID, grant_id: UUID) -> Grant:
    """Return a grant that this caller may decide; a miss and a refusal look alike."""
    grant = await store.grant(tx, person_id, grant_id)
    if grant is None:
        raise GrantNotFound
    if caller.kind is CallerKind.RESIDENT:
        if not await is_self(tx, caller, grant.person_id):
            audit.refuse(tx, caller, deeds.GRANT_ACCEPTED, grant.person_id, reason=GrantNotFound.code)
            raise GrantNotFound
    else:
        deeds.must(caller, "people.register")
    if grant.state != GrantState.ASKED or (grant.until is not None and grant.until <= tx.clock.now()):
        raise GrantDecided
    return grant


async def _hold_both(tx: Transaction, person_id: UUID, keeper_id: UUID) -> tuple[Held, Held]:
    """Lock both persons, in the order of their ids, so that limits are counted by one at a time."""
    first, second = sorted((person_id, keeper_id))
    held = {first: await hold(tx, first), second: await hold(tx, second)}
    person, keeper = held[person_id], held[keeper_id]
    if person.id == keeper.id or PersonState.DECEASED in (person.row.state, keeper.row.state):
        raise PersonNotFound
    return person, keeper


async def _is_mother(tx: Transaction, keeper: Held, person: Held) -> bool:
    birth = await newborn(tx, person.id)
    return birth is not None and birth.mother_id in await faces.group_of(tx, keeper.id)


async def _add(tx: Transaction, caller: Caller, person: Held, keeper: Held, terms: Terms, policy: Policy) -> Grant:
    now = tx.clock.now()
    for old in await store.grants_of(tx, [person.id]):
        over = old.until is not None and old.until <= now
        if old.keeper_id == keeper.id and over and await store.end(tx, old.person_id, old.id, GrantState.ENDED, now):
            await _ended(tx, caller, deeds.GRANT_WITHDRAWN, old, GrantState.ENDED)
    kept = [one for one in await store.kept_by(tx, [keeper.id]) if one.until is None or one.until > now]
    if len(kept) >= policy.persons_per_keeper:
        raise TooManyKept(limit=policy.persons_per_keeper)
    scopes = [str(scope) for scope in terms.scopes]
    grant = Grant(
        person.id, new_id(), keeper.id, terms.relation, scopes, GrantState.ASKED, now, terms.until, None, None, None
    )
    if not await store.add_grant(tx, grant):
        raise GrantAlreadyOpen
    await store.add_keeper(tx, keeper.id, person.id, grant.id)
    await _record_both(tx, caller, deeds.GRANT_ASKED, grant)
    await tx.announce(GrantAsked(person.id, keeper.id, grant.id))
    return grant


async def _accept(
    tx: Transaction, caller: Caller, grant: Grant, person: Held, keeper: Held, evidence: str | None, policy: Policy
) -> Grant:
    now = tx.clock.now()
    keepers = [one for one in await store.grants_of(tx, [person.id]) if one.counts_at(now)]
    if len(keepers) >= policy.keepers_per_person:
        raise TooManyKeepers(limit=policy.keepers_per_person)
    until = ends_at(person.face.birth_date, grant.until, _today(tx), policy)
    if not await store.decide(tx, grant.person_id, grant.id, GrantState.ACCEPTED, now, until, evidence):
        raise GrantDecided
    await _record_both(tx, caller, deeds.GRANT_ACCEPTED, grant)
    await tx.announce(GrantAccepted(person.id, keeper.id, grant.id))
    accepted = await store.grant(tx, grant.person_id, grant.id)
    if accepted is None:
        raise GrantNotFound
    return accepted


async def _ended(tx: Transaction, caller: Caller, deed: str, grant: Grant, how: GrantState) -> None:
    await store.drop_keeper(tx, grant.keeper_id, grant.person_id, grant.id)
    await _record_both(tx, caller, deed, grant)
    await tx.announce(GrantEnded(grant.person_id, grant.keeper_id, grant.id, how))


async def _record_both(tx: Transaction, caller: Caller, deed: str, grant: Grant) -> None:
    detail = {"grant": str(grant.id), "relation": grant.relation, "scopes": ",".join(grant.scopes)}
    both = (grant.person_id, grant.keeper_id)
    await audit.record_many(tx, caller, [audit.Entry(deed, subject, detail=detail) for subject in both])


def _today(tx: Transaction) -> date:
    return tx.clock.now().astimezone(SHANGHAI).date()
