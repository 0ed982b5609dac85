"""
Showing a code of the second factor again before a dangerous act.

In two steps, so that a wrong code is counted although the act is rolled back, and the same form sent twice is answered
alike although its code is spent: `check_code` before the transaction, `spend_code` in it, first of all.
"""

from dataclasses import dataclass, replace

from healthcloud import audit
from healthcloud.access import limits
from healthcloud.access.policy import AccessPolicy
from healthcloud.access.staff import store
from healthcloud.access.staff.errors import CodeWrong, SignInLocked
from healthcloud.access.staff.factors import spendable_step
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code somebody has typed: the step it is of, or None where it is wrong or was used."""

    step: int | None
    counted: limits.Try


async def check_code(database: Database, policy: AccessPolicy, caller: Caller, code: str) -> ShownCode:
    """Count a try and tell which step a code is of; nothing is spent. Raises SignInLocked."""
    one = limits.Try(replace(policy.account_failures, kind="again"), caller.account_id.hex)
    allowance = await database.transact(lambda tx: limits.count(tx, [one]))
    if allowance.wait_seconds:
        raise SignInLocked(retry_after=allowance.wait_seconds)
    async with database.read() as read:
        account = await store.account(read, caller.account_id)
    return ShownCode(None if account is None else spendable_step(database, account, code), one)


async def spend_code(tx: Transaction, caller: Caller, shown: ShownCode) -> None:
    """Spend the code in the transaction of the act it allows. Raises CodeWrong; the refusal is kept."""
    if shown.step is None or not await store.spend_step(tx, caller.account_id, shown.step):
        audit.refuse(tx, caller, "access.proved-again", caller.account_id)
        raise CodeWrong
    await limits.clear(tx, shown.counted)
    await audit.record(tx, caller, "access.proved-again", caller.account_id)
