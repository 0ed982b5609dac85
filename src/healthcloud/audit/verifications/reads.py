"""Asking for a verification, and looking at the last one."""

from uuid import UUID

from healthcloud.audit.actions import record
from healthcloud.audit.verifications import store
from healthcloud.audit.verifications.deeds import VERIFICATION_ASKED
from healthcloud.audit.verifications.jobs import KIND
from healthcloud.audit.verifications.model import Verification
from healthcloud.core.background import enqueue
from healthcloud.core.caller import SYSTEM_ACCOUNT, Caller
from healthcloud.core.db import Read, Transaction

SCOPE = "audit.read"


async def ask_verification(tx: Transaction, caller: Caller) -> UUID:
    """Have the whole chain verified in the background; return the job's id (scope audit.read)."""
    caller.must(SCOPE)
    await record(tx, caller, VERIFICATION_ASKED, SYSTEM_ACCOUNT)
    return await enqueue(tx, KIND, {})


async def last_verification(read: Read, caller: Caller) -> Verification | None:
    """Return the last verification (scope audit.read)."""
    caller.must(SCOPE)
    return await store.last_verification(read, sound=False)


async def last_sound(read: Read, caller: Caller) -> Verification | None:
    """Return the last verification that found nothing (scope audit.read)."""
    caller.must(SCOPE)
    return await store.last_verification(read, sound=True)
