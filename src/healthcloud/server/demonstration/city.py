"""Loading the demonstration city's institutions, through the same front door a clerk uses; again is nothing to do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database, Transaction
from healthcloud.server.demonstration.plan import DEMONSTRATION, OPENED_ON, CityFile, Planned, plan_city

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CityLoaded:
    """How much of everything the city has, and how many institutions were new; `ids` by the plan's number."""

    institutions: int
    created: int
    departments: int
    terminals: int
    practitioners: int
    ids: dict[int, UUID] = field(repr=False)


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far loading has come."""


async def load_city(database: Database, folder: Path = DEMONSTRATION, *, progress: Progress = silent) -> CityLoaded:
    """
    Load the standard code sets and the city's institutions with departments, terminals and practitioners.

    `progress` hears of steps done and steps in all. Measured: under two seconds on an empty database.
    """
    city, planned = plan_city(folder)
    steps = 5
    await institutions.load_standard_sets(database, SYSTEM)
    progress(1, steps)
    ids, created = await database.transact(lambda tx: _open(tx, planned))
    progress(2, steps)
    places = await database.transact(lambda tx: _departments(tx, planned, ids))
    progress(3, steps)
    desks = await database.transact(lambda tx: _terminals(tx, planned, ids, places))
    progress(4, steps)
    staff = await database.transact(lambda tx: _practitioners(tx, city, planned, ids, places))
    progress(steps, steps)
    return CityLoaded(len(planned), created, sum(map(len, places.values())), desks, staff, ids)


async def _open(tx: Transaction, planned: list[Planned]) -> tuple[dict[int, UUID], int]:
    """Enter those that are parts of none, then those that are parts of them."""
    ids: dict[int, UUID] = {}
    created = 0
    for part in (False, True):
        some = [one for one in planned if (one.parent is not None) is part]
        opened = await institutions.open_institutions(tx, SYSTEM, [_wish(one, ids) for one in some])
        ids |= {one.number: each.institution_id for one, each in zip(some, opened, strict=True)}
        created += sum(each.created for each in opened)
    return ids, created


def _wish(one: Planned, ids: dict[int, UUID]) -> institutions.InstitutionWish:
    said = one.particulars if one.parent is None else replace(one.particulars, parent_id=ids[one.parent])
    return institutions.InstitutionWish(said, one.numbers, OPENED_ON, demonstration=True)


async def _departments(tx: Transaction, planned: list[Planned], ids: dict[int, UUID]) -> dict[UUID, dict[str, UUID]]:
    """Return the departments of each institution by standard code."""
    wishes = {
        ids[one.number]: [
            institutions.departments.DepartmentWish(code, name, code) for code, name in one.profile.departments.items()
        ]
        for one in planned
    }
    added = await institutions.departments.add_departments(tx, SYSTEM, wishes)
    return {owner: {each.code: each.id for each in some} for owner, some in added.items()}


async def _terminals(
    tx: Transaction, planned: list[Planned], ids: dict[int, UUID], places: dict[UUID, dict[str, UUID]]
) -> int:
    wish = institutions.terminals.TerminalWish
    wishes = {
        owner: [
            wish(desk.name, desk.kind, desk.scene, places[owner][desk.department]) for desk in one.profile.terminals
        ]
        for one in planned
        for owner in (ids[one.number],)
    }
    added = await institutions.terminals.add_terminals(tx, SYSTEM, wishes)
    return sum(map(len, added.values()))


async def _practitioners(
    tx: Transaction,
    city: CityFile,
    planned: list[Planned],
    ids: dict[int, UUID],
    places: dict[UUID, dict[str, UUID]],
) -> int:
    count = 0
    for one in planned:
        owner = ids[one.number]
        for place, post in enumerate(one.profile.posts, 1):
            surname = city.surnames[(one.number * 7 + place) % len(city.surnames)]
            given = city.given_names[(one.number + place) % len(city.given_names)]
            count += 1
            wish = institutions.practitioners.PractitionerWish(
                name=surname + given,
                staff_number=f"{place:04d}",
                started_on=OPENED_ON,
                licence_number=f"DEMO{one.number:05d}{place:04d}",
                title_code=post.title,
                department_id=places[owner][post.department],
            )
            await institutions.practitioners.add_practitioner(tx, SYSTEM, owner, wish)
    return count
