"""Applying to connect, and handing a conformance report in; both the same however often they are sent."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from healthcloud import audit, institutions
from healthcloud.core.background import Body, Recurring
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Transaction
from healthcloud.onboarding import deeds, store
from healthcloud.onboarding.errors import ApplicationUnreadable
from healthcloud.onboarding.model import APPLICATION, Application, Policy, Report, application_faults
from healthcloud.onboarding.reports import read_report
from healthcloud.onboarding.rights import may_act

KEPT_DAYS = 92
_DECODER = msgspec.msgpack.Decoder(Application)


async def apply(tx: Transaction, caller: Caller, institution_id: UUID, wish: Application) -> bool:
    """Keep an institution's application to connect (scope institutions.manage); False where it stands so already."""
    may_act(caller, institution_id)
    faults = application_faults(wish)
    if faults:
        raise ApplicationUnreadable(faults=faults)
    await institutions.institution(tx, institution_id)
    found = await store.hold_application(tx, institution_id)
    if found is not None and open_application(tx.vault, institution_id, found.sealed) == wish:
        return False
    sealed = tx.vault.seal(APPLICATION, institution_id.bytes, msgspec.msgpack.encode(wish))
    await store.put_application(tx, institution_id, sealed, [str(one) for one in wish.points], tx.clock.now())
    detail: audit.Detail = {"systems": len(wish.systems), "points": ",".join(wish.points)}
    await audit.record(tx, caller, deeds.APPLIED, institution_id, detail=detail)
    return True


def open_application(vault: Vault, institution_id: UUID, sealed: bytes) -> Application:
    """Open what an institution applied with."""
    return _DECODER.decode(vault.open(APPLICATION, institution_id.bytes, sealed))


async def keep_report(
    tx: Transaction, caller: Caller, institution_id: UUID, file: Mapping[str, Any], policy: Policy
) -> Report:
    """
    Take a conformance report in (scope institutions.manage), once by what was signed; return it as it is kept.

    Raises what `read_report` raises, and InstitutionUnknown.
    """
    may_act(caller, institution_id)
    await institutions.institution(tx, institution_id)
    numbers = await institutions.numbers_of(tx, institution_id)
    now = tx.clock.now()
    proven = read_report(file, policy, numbers, now)
    tried = proven.tried
    one = Report(
        institution_id,
        proven.digest,
        tried.face,
        proven.key,
        tried.is_complete,
        tried.is_passed,
        sorted(tried.passed),
        sorted(tried.failed),
        tried.ended,
        now,
    )
    if not await store.add_report(tx, one, json.dumps(file).encode()):
        return await store.report(tx, institution_id, proven.digest) or one
    detail: audit.Detail = {
        "digest": proven.digest.hex(),
        "face": tried.face,
        "key": proven.key,
        "passed": len(tried.passed),
    }
    await audit.record(tx, caller, deeds.REPORTED, institution_id, detail=detail)
    return one


async def keep(tx: Transaction, _body: Body) -> None:
    """Forget counts of days a quarter ago; seal again the applications that another than the current key sealed."""
    today = tx.clock.now().astimezone(SHANGHAI).date()
    await store.forget_days(tx, today - timedelta(days=KEPT_DAYS))
    for one in await store.every_application(tx):
        if not tx.vault.is_current(APPLICATION, one.sealed):
            plain = tx.vault.open(APPLICATION, one.institution_id.bytes, one.sealed)
            fresh = tx.vault.seal(APPLICATION, one.institution_id.bytes, plain)
            await store.seal_again(tx, one.institution_id, one.sealed, fresh)


RECURRING = (Recurring("onboarding.keep", timedelta(hours=1), keep),)
