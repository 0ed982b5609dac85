"""`healthcloud people index`: the index over the persons who are there already."""

import time

from healthcloud import index
from healthcloud.server import indexing
from healthcloud.server.cli.output import Json, progress_bar, put_facts
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

_WORDS = {"persons": "居民", "added": "新编入", "seconds": "用时（秒）"}


def index_persons(*, as_json: Json = False) -> None:
    """为已登记的全部居民建立主索引；可中断，再次运行会继续。"""

    async def run(city: City) -> dict[str, object]:
        async with city.database.read() as read:
            persons = await index.building.count_persons(read)
        begun = time.monotonic()
        with progress_bar("居民", persons) as progress:
            added = await indexing.index_persons(city, persons, progress)
        return {"persons": persons, "added": added, "seconds": round(time.monotonic() - begun, 1)}

    put_facts(in_city(run), _WORDS, as_json=as_json)
