"""
One reading process, `python -m healthcloud.server.linkage.reader <parent>`.

Its standard input is the run's key in hexadecimal digits on a line, then stretches of ids, a JSON pair a line; it
answers each with the length of what follows, 8 bytes, and its rows of tokens. It writes no file, and leaves no core.
"""

import asyncio
import gc
import resource
import sys
from collections.abc import Iterable

import msgspec
import uvloop

from healthcloud import index
from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.composition import open_city
from healthcloud.server.linkage.running import LENGTH
from healthcloud.server.processes.lifeline import end_with_parent


async def read(settings: Settings, key: bytes, wanted: Iterable[index.linkage.Stretch]) -> None:
    """Encode stretch after stretch."""
    encoder = index.linkage.Encoder(key)
    async with open_city(settings, name="healthcloud linkage", pool_size=2) as city:
        for stretch in wanted:
            async with city.database.read() as one:
                rows = await index.linkage.encoded(one, encoder, stretch)
            sys.stdout.buffer.write(len(rows).to_bytes(LENGTH))
            sys.stdout.buffer.write(rows)
            sys.stdout.buffer.flush()


def main() -> None:
    """Read what the lines of standard input say."""
    end_with_parent(int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    settings = Settings.load()
    set_up_logs("WARNING", settings.log_format)
    key = bytes.fromhex(sys.stdin.readline())
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(read(settings, key, (msgspec.json.decode(line, type=index.linkage.Stretch) for line in sys.stdin)))


if __name__ == "__main__":
    main()
