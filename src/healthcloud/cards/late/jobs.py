"""What recurs: forgetting the ids of items that can no longer be handed in again."""

from datetime import timedelta

from healthcloud.cards.late import store
from healthcloud.core.background import Body, Progress, Recurring
from healthcloud.core.db import Transaction

KEPT_FOR = timedelta(days=62)
AT_ONCE = 10_000


async def forget_items(tx: Transaction, body: Body) -> Progress | None:
    """Forget what is two months old; again at once while there is more."""
    forgotten = await store.forget_items(tx, tx.clock.now() - KEPT_FOR, AT_ONCE)
    done = int(body.get("done", 0)) + forgotten
    return Progress({"done": done}, done) if forgotten else None


RECURRING = (Recurring("cards.forget-late-items", timedelta(days=1), forget_items),)
