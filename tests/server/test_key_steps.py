"""What a step of a key rotation leaves to be done is done by somebody, and not before every process knows the keys."""

from healthcloud import audit
from healthcloud.core.background import list_waiting
from healthcloud.core.crypto.rotation import SETTLING
from healthcloud.server.cli.keys import _follow
from healthcloud.server.composition import City
from healthcloud.server.wiring import wired


async def test_every_job_that_follows_a_step_is_wired_and_waits_until_the_step_has_settled(city: City) -> None:
    before = city.database.clock.now()
    await city.database.transact(_follow)
    kinds = wired(city, audit.Sealer(city.database, audit.HeadFile(city.settings.var / "heads"))).kinds()
    async with city.database.read() as read:
        waiting = {kind: await list_waiting(read, kind) for kind in kinds}
    found = {kind: jobs for kind, jobs in waiting.items() if jobs}
    follows = {
        "access.follow-keys",
        "people.reseal",
        "people.refingerprint",
        "cards.reseal-stock",
        "index.follow-keys",
        "index.import-reseal",
        "encounters.reseal",
        "exchange.held-reseal",
        "exchange.reseal-evidence",
    }
    assert set(found) == follows
    assert all(job.due_at >= before + SETTLING for jobs in found.values() for job in jobs)
