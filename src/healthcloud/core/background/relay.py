"""The outbox relay: each committed event becomes one job per reaction, in the transaction that removes it."""

from healthcloud.core.background import store
from healthcloud.core.background.model import NewJob, OutboxRow
from healthcloud.core.background.wiring import FollowerSpec, Wiring
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id


def outbox_follower(wiring: Wiring, batch: int = 500) -> FollowerSpec[OutboxRow]:
    """Return the follower of the outbox; a kind this process does not know is left for a newer one beside it."""
    reactions = wiring.reactions_by_event()
    kinds = sorted(reactions)

    async def claim(tx: Transaction, limit: int) -> list[OutboxRow]:
        return await store.claim_events(tx, kinds, limit)

    async def handle(tx: Transaction, events: list[OutboxRow]) -> None:
        now = tx.clock.now()
        jobs = [
            NewJob(new_id(), reaction.name, reaction.priority, event.body, now, event.at)
            for event in sorted(events, key=lambda event: (event.at, event.id))
            for reaction in reactions[event.kind]
        ]
        if jobs:
            await store.add_jobs(tx, jobs)

    return FollowerSpec("core.outbox", claim, handle, batch)
