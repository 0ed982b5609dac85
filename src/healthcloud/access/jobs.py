"""Tidying: what can no longer be used is not kept."""

from datetime import timedelta
from typing import Final

from healthcloud.access.clients import forget_nonces
from healthcloud.access.limits import forget_old_tries
from healthcloud.access.residents import forget_codes
from healthcloud.access.sessions import forget_sessions
from healthcloud.access.staff import forget_invitations
from healthcloud.core.background import Body, Recurring
from healthcloud.core.db import Transaction

LONGEST_WINDOW: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=183)  # which device was signed in when, half a year (网络安全法 第二十一条)


async def tidy(tx: Transaction, _body: Body) -> None:
    """Forget nonces, codes and counted tries that are over, and sessions and invitations half a year after."""
    now = tx.clock.now()
    await forget_nonces(tx, now)
    await forget_codes(tx, now)
    await forget_old_tries(tx, now - LONGEST_WINDOW)
    await forget_sessions(tx, now - KEPT_FOR)
    await forget_invitations(tx, now - KEPT_FOR)


RECURRING = (Recurring("access.tidy", timedelta(minutes=10), tidy),)
