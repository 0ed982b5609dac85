"""Giving a consent, withdrawing it, and asking whether one stands."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read, Transaction
from healthcloud.core.ids import new_id
from healthcloud.people import deeds
from healthcloud.people.authority import must_be_theirs_or, record_for_both
from healthcloud.people.consents import store
from healthcloud.people.consents.model import Consent, ConsentWish, check_wish
from healthcloud.people.errors import ConsentNotFound, GuardianNeeded
from healthcloud.people.grants.model import GrantScope, needs_guardian
from healthcloud.people.holding import hold
from healthcloud.people.model import Policy
from healthcloud.people.seen import store as faces


async def give_consent(tx: Transaction, caller: Caller, person_id: UUID, wish: ConsentWish, policy: Policy) -> Consent:
    """
    Agree to something: the person, their keeper, or a clerk who holds the signed paper (scope people.register).

    For a child below the age of consent it takes a guardian (PIPL article 31): GuardianNeeded otherwise.
    """
    check_wish(wish)
    theirs = await must_be_theirs_or(tx, caller, person_id, GrantScope.CONSENTS, "people.register", deeds.CONSENT_GIVEN)
    held = await hold(tx, person_id)
    now = tx.clock.now()
    if theirs and needs_guardian(held.face.birth_date, now.astimezone(SHANGHAI).date(), policy):
        audit.refuse(tx, caller, deeds.CONSENT_GIVEN, held.id, reason=GuardianNeeded.code)
        raise GuardianNeeded
    given_by = caller.person_id if caller.kind is CallerKind.RESIDENT and caller.person_id else caller.account_id
    until = now + timedelta(days=wish.days)
    consent = Consent(
        held.id, new_id(), wish.purpose, wish.text_version, wish.channel, now, until, given_by, None, None
    )
    await store.add_consent(tx, consent)
    detail: dict[str, str | int | bool | None] = {"purpose": wish.purpose, "text_version": wish.text_version}
    await record_for_both(tx, caller, deeds.CONSENT_GIVEN, held.id, detail)
    return consent


async def withdraw_consent(tx: Transaction, caller: Caller, person_id: UUID, consent_id: UUID) -> None:
    """Withdraw a consent; from the next read on it no longer stands. For whoever may give it."""
    await must_be_theirs_or(tx, caller, person_id, GrantScope.CONSENTS, "people.register", deeds.CONSENT_WITHDRAWN)
    group = await faces.group_of(tx, person_id)
    purpose = await store.withdraw(tx, group, consent_id, tx.clock.now(), caller.account_id)
    if purpose is None:
        raise ConsentNotFound
    await record_for_both(tx, caller, deeds.CONSENT_WITHDRAWN, group[0], {"purpose": purpose})


async def end_consents(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """Withdraw every consent of a person whose registration ends."""
    for purpose in await store.withdraw_all(tx, person_id, tx.clock.now(), caller.account_id):
        await audit.record(tx, caller, deeds.CONSENT_WITHDRAWN, person_id, detail={"purpose": purpose})


async def consents_of(read: Read, person_id: UUID) -> list[Consent]:
    """Return every consent of a person, the newest first; for the person themself."""
    return await store.consents_of(read, await faces.group_of(read, person_id))


async def consented(read: Read, person_id: UUID, purpose: str, at: datetime) -> bool:
    """Tell whether a person's consent to this purpose stood at an instant."""
    return bool(await store.consented(read, await faces.group_of(read, person_id), purpose, at))
