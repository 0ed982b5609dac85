"""Entering an institution's credential at the province, sending again what it refused, and what recurs."""

import re
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from healthcloud import audit, institutions
from healthcloud.core.background import Body, Recurring
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.province import store
from healthcloud.province.deeds import ENROLLED, SENT_AGAIN
from healthcloud.province.errors import CredentialWrong, RefusedUseUnknown, UseDayOver
from healthcloud.province.model import day_of
from healthcloud.province.purposes import CREDENTIAL
from healthcloud.province.refused import store as refusals

GIVE_KEYS = "access.manage-clients"
OPERATE = "jobs.manage"
KEPT_DAYS = 92
_SECRET = re.compile(r"[0-9A-Za-z]{16}")
_APP_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


async def enrol(tx: Transaction, caller: Caller, institution_id: UUID, app_id: str, secret: str) -> None:
    """Keep the credential the province gave an institution (scope access.manage-clients); uses go up from now on."""
    caller.must(GIVE_KEYS)
    if caller.institution_id is not None:
        raise Forbidden(scope=GIVE_KEYS)
    if not _SECRET.fullmatch(secret) or not _APP_ID.fullmatch(app_id):
        raise CredentialWrong
    await institutions.institution(tx, institution_id)
    sealed = tx.vault.seal(CREDENTIAL, institution_id.bytes, secret.encode())
    await store.enrol(tx, institution_id, app_id, sealed, tx.clock.now())
    await store.begin(tx, await audit.last_sealed(tx))
    await audit.record(tx, caller, ENROLLED, institution_id, detail={"app_id": app_id})


async def send_again(
    tx: Transaction, caller: Caller, institution_id: UUID, refused_ids: Collection[UUID] | None, reason: str | None
) -> int:
    """
    Have uses the province refused go up anew, all of the institution's of today where none is named; say how many.

    Scope jobs.manage, of the city. Raises RefusedUseUnknown, or UseDayOver where all of them are of days before.
    """
    caller.must(OPERATE)
    if caller.institution_id is not None:
        raise Forbidden(scope=OPERATE)
    now, wanted = tx.clock.now(), None if refused_ids is None else sorted(refused_ids)
    count = await refusals.send_again(tx, institution_id, wanted, day_of(now))
    if not count:
        raise UseDayOver if await refusals.has_refused(tx, institution_id, wanted) else RefusedUseUnknown
    await store.make_due(tx, institution_id, now)
    await audit.record(tx, caller, SENT_AGAIN, institution_id, reason=reason, detail={"uses": count})
    return count


async def keep(tx: Transaction, _body: Body) -> None:
    """Forget uses of a quarter ago, and seal again the secrets that another than the current key sealed."""
    await store.forget(tx, day_of(tx.clock.now()) - timedelta(days=KEPT_DAYS))
    for one in await store.enrolled(tx):
        if not tx.vault.is_current(CREDENTIAL, one.secret_sealed):
            plain = tx.vault.open(CREDENTIAL, one.institution_id.bytes, one.secret_sealed)
            fresh = tx.vault.seal(CREDENTIAL, one.institution_id.bytes, plain)
            await store.seal_again(tx, one.institution_id, one.secret_sealed, fresh)


RECURRING = (Recurring("province.keep", timedelta(hours=1), keep),)
