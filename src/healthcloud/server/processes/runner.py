"""What happens behind the requests, in one process."""

import asyncio
import gc
import signal

import uvloop

from healthcloud import audit
from healthcloud.core.background import Runner
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.places import heads_file
from healthcloud.server.wiring import wired


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; then end what is begun, and seal and export the last deeds and messages."""
    async with open_city(settings, name="healthcloud runner") as city:
        sealer = audit.Sealer(city.database, audit.HeadFile(heads_file(settings)))
        runner = Runner(city.database, wired(city, sealer))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, runner.stop)
        gc.collect()
        gc.freeze()
        await runner.run()
        for ending in (sealer, city.evidence_sealer):
            await ending.seal()
            await ending.export()


def main(settings: Settings) -> None:
    """Run the runner."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(run(settings))
