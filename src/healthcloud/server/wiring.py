"""
Everything that happens behind the requests, on one page.

Who reacts to which event, which jobs there are, what recurs, and what one machine of many does alone.
"""

from datetime import timedelta

from healthcloud import access, audit, channels
from healthcloud.core import partitions
from healthcloud.core.background import Body, Progress, Recurring, Sole, Wiring, announced_events
from healthcloud.core.db import Database, Transaction
from healthcloud.core.idempotency import forget_expired
from healthcloud.core.leases import Lease
from healthcloud.server.composition import City

SEAL_EVERY = timedelta(milliseconds=200)


def wiring(city: City, sealer: audit.Sealer) -> Wiring:
    """Return it for this city; raise WiringFault where an event has neither a reaction nor a reason for none."""
    wired = Wiring(
        reactions=(),
        no_reactions=(),
        jobs=(channels.sending(city.sms), *access.rotation.KINDS),
        recurring=(
            *partitions.RECURRING,
            *channels.RECURRING,
            *access.RECURRING,
            Recurring("core.forget-answers", timedelta(minutes=5), _forget_answers),
        ),
        followers=(),
        soles=(_sealing(sealer),),
    )
    wired.check(announced_events())
    return wired


async def _forget_answers(tx: Transaction, body: Body) -> Progress | None:
    """Forget stored answers of idempotent requests that are a day old; again at once while there are more."""
    forgotten = await forget_expired(tx)
    done = int(body.get("done", 0)) + forgotten
    return Progress({"done": done}, done) if forgotten else None


def _sealing(sealer: audit.Sealer) -> Sole:
    # Should two machines seal for a moment, the numbers of the blocks, a primary key, let one of them through.
    async def seal(_: Database, __: Lease) -> int:
        return await sealer.seal()

    return Sole("audit.sealer", SEAL_EVERY, seal)
