"""What happens behind the requests, `python -m healthcloud.server.processes.runner <parent>`."""

import asyncio
import gc
import signal
import sys

import uvloop

from healthcloud import audit
from healthcloud.core.background import Runner
from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.places import heads_file
from healthcloud.server.processes.lifeline import end_with_parent
from healthcloud.server.wiring import wired


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; then end what is begun, and seal and export the last deeds."""
    async with open_city(settings, name="healthcloud runner") as city:
        sealer = audit.Sealer(city.database, audit.HeadFile(heads_file(settings)))
        runner = Runner(city.database, wired(city, sealer))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, runner.stop)
        gc.collect()
        gc.freeze()
        await runner.run()
        await sealer.seal()
        await sealer.export()


def main() -> None:
    """Run the runner."""
    end_with_parent(int(sys.argv[1]))
    settings = Settings.load()
    set_up_logs(settings.log_level, settings.log_format)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(run(settings))


if __name__ == "__main__":
    main()
