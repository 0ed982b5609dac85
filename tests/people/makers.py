"""Synthetic persons and callers for the tests of people; birth years around 1900 keep away from anybody living."""

from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import asyncpg

from healthcloud import audit, people
from healthcloud.core.background import list_waiting
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.clock import SHANGHAI, Clock
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id

TODAY = date(2026, 11, 23)
POLICY = people.Policy()
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华"

_places = count(1)


def number_of(born: date, sequence: int, division: str = "370402") -> str:
    """Return a resident number with its check character, counted the slow way."""
    first = f"{division}{born:%Y%m%d}{sequence:03}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def next_number(*, male: bool = True, born: date | None = None, division: str = "370402") -> str:
    """Return a resident number no other test has."""
    place = next(_places)
    born = born or date(1900, 1, 1) + timedelta(days=place // 400)
    return number_of(born, 2 * (place % 400) + (1 if male else 2), division)


def next_name() -> str:
    place = next(_places)
    return SURNAMES[place % 20] + GIVEN[place // 20 % 25] + GIVEN[place // 500 % 25]


def form(**changes: object) -> people.RegistrationForm:
    """Return the form of somebody new with an identity card."""
    document = people.DocumentForm("01", next_number())
    return replace(people.RegistrationForm(name=next_name(), documents=(document,)), **changes)  # type: ignore[arg-type]  # a test names the fields


def checked(**changes: object) -> people.Registration:
    return people.read_registration(form(**changes), TODAY)


def at_birth(mother_id: UUID, born_at: datetime | None = None, **changes: object) -> people.BirthForm:
    birth = people.BirthForm(mother_id, born_at or datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI))
    return replace(birth, **changes)  # type: ignore[arg-type]  # a test names the fields


def desk(institution_id: UUID | None = None, *scopes: str) -> Caller:
    """Return a clerk at a desk of an institution."""
    held = scopes or ("people.register", "people.open", "people.correct")
    return Caller(CallerKind.STAFF, new_id(), frozenset(held), institution_id=institution_id or new_id())


def resident(person_id: UUID | None = None, account_id: UUID | None = None) -> Caller:
    return Caller(CallerKind.RESIDENT, account_id or new_id(), frozenset({"resident"}), person_id=person_id)


DECLARED = people.Verification()
SEEN = people.Verification(people.Level.FACE_TO_FACE, "document-seen")


async def register(
    database: Database,
    registration: people.Registration | None = None,
    *,
    caller: Caller | None = None,
    verification: people.Verification = DECLARED,
    policy: people.Policy = POLICY,
) -> people.Registered:
    """Register somebody through the front door."""
    wanted = registration or checked()
    clerk = caller or desk()
    return await database.transact(lambda tx: people.register(tx, clerk, wanted, verification, policy))


async def face_of(database: Database, person_id: UUID, institution_id: UUID | None = None) -> people.Seen:
    async with database.read() as read:
        return (await people.faces(read, institution_id, [person_id]))[person_id]


def at(database: Database, when: datetime) -> Database:
    """Return the same database with its clock standing at this instant."""
    moved = copy(database)
    moved.clock = Clock(fixed=when)
    return moved


async def a_person(database: Database, **changes: object) -> UUID:
    """Register somebody new and return who they are."""
    return (await register(database, checked(**changes))).person_id


async def a_woman(database: Database, **changes: object) -> UUID:
    """Register somebody who can be a mother today."""
    card = people.DocumentForm("01", next_number(male=False, born=date(1996, 5, 1)))
    return await a_person(database, documents=(card,), **changes)


async def a_child(database: Database, born: date, **changes: object) -> UUID:
    """Register a child born on a day."""
    card = people.DocumentForm("01", next_number(born=born))
    return await a_person(database, documents=(card,), **changes)


async def deeds_of(database: Database, person_id: UUID) -> list[tuple[str, str]]:
    """Return what a person reads of what was done about them, the newest first."""
    async with database.read() as read:
        return [(deed.deed, deed.outcome) for deed in await audit.deeds_about(read, [person_id])]


async def announced(owner_url: str) -> list[str]:
    """Return the kinds of events that wait in the outbox."""
    connection = await asyncpg.connect(owner_url)
    try:
        return [row[0] for row in await connection.fetch("SELECT kind FROM core.outbox ORDER BY at, id")]
    finally:
        await connection.close()


async def waiting_jobs(database: Database, kind: str) -> int:
    async with database.read() as read:
        return len(await list_waiting(read, kind))
