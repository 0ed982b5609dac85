"""What recurs: forgetting keys of phones whose certificates are long over; phones make a new one each time."""

from datetime import timedelta

from healthcloud.cards.phones import store
from healthcloud.core.background import Body, Progress, Recurring
from healthcloud.core.db import Transaction

KEPT_FOR = timedelta(days=31)
AT_ONCE = 10_000


async def forget_keys(tx: Transaction, body: Body) -> Progress | None:
    """Forget keys a month after they were certified last; again at once while there are more."""
    forgotten = await store.forget_keys(tx, tx.clock.now() - KEPT_FOR, AT_ONCE)
    done = int(body.get("done", 0)) + forgotten
    return Progress({"done": done}, done) if forgotten else None


RECURRING = (Recurring("cards.forget-phone-keys", timedelta(hours=6), forget_keys),)
