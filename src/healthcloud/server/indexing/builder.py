"""
One building process, `python -m healthcloud.server.indexing.builder <parent>`.

It reads ranges of persons' ids from its standard input, a JSON pair a line, and answers each with how many persons it
looked at and how many it added.
"""

import asyncio
import gc
import sys
from collections.abc import Iterable
from uuid import UUID

import msgspec
import uvloop

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.indexing.ranges import build_range
from healthcloud.server.processes.lifeline import end_with_parent


async def build(settings: Settings, ranges: Iterable[tuple[UUID, UUID]]) -> None:
    """Build range after range and say each once it is there."""
    async with open_city(settings, name="healthcloud builder", pool_size=2) as city:
        for after, upto in ranges:
            answer = await build_range(city, after, upto)
            sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
            sys.stdout.flush()
            gc.collect()


def main() -> None:
    """Build what the lines of standard input say."""
    end_with_parent(int(sys.argv[1]))
    settings = Settings.load()
    set_up_logs("WARNING", settings.log_format)
    # Collected between ranges: within one, each collection would look at all of it for nothing.
    gc.disable()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(build(settings, (msgspec.json.decode(line, type=tuple[UUID, UUID]) for line in sys.stdin)))


if __name__ == "__main__":
    main()
