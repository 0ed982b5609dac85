"""Everything the demonstration puts into a city, in order, each thing once."""

from collections.abc import Callable
from dataclasses import dataclass

from healthcloud import institutions
from healthcloud.server import indexing
from healthcloud.server.composition import City
from healthcloud.server.demonstration.city import load_city
from healthcloud.server.demonstration.hospitals import enrolment_code, find_hospitals, make_machines
from healthcloud.server.demonstration.ledger import Ledger
from healthcloud.server.demonstration.population import CHUNK, MANY, estimate, fill, missing_chunks
from healthcloud.server.demonstration.staff import Member, make_staff

MOST_INDEXED = 50  # chunks; `healthcloud people index` is the way for more

Progress = Callable[[int], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a city has after loading."""

    hospitals: dict[int, institutions.Institution]
    desks: dict[int, institutions.terminals.Enrolment]  # fresh codes that bind a browser to each hospital's first desk
    staff: list[Member]
    residents: int


async def load_demonstration(city: City, residents: int, say: Say, progress: Progress) -> Demonstration:
    """Load code sets, institutions, staff, machines and residents, counted in whole thousands; what is there stays."""
    ledger = Ledger.of(city.settings)
    hospitals = await find_hospitals(city)
    if not hospitals:
        say("载入代码集和机构")
        await load_city(city.database)
        hospitals = await find_hospitals(city)
    loaded = ledger.read(hospitals[1].id, CHUNK)
    ledger.keep(loaded)
    staff = await make_staff(city, ledger, {number: one.id for number, one in hospitals.items()})
    await make_machines(city, ledger, hospitals)
    if (missing := len(missing_chunks(loaded, residents))) >= MANY:
        say(estimate(missing))
    await fill(city.settings, ledger, loaded, residents, progress)
    if 0 < missing < MOST_INDEXED:
        await indexing.index_here(city)
    desks = {number: await enrolment_code(city, one) for number, one in hospitals.items()}
    return Demonstration(hospitals, desks, staff, len(loaded.chunks) * CHUNK)
