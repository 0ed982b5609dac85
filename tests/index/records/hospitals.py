"""Invented institutions and their patients for the tests of records; birth years around 1900 are nobody's living."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from uuid import UUID

from people.makers import next_number

from healthcloud import index
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.index.matching import Written

_births = count()


def hospital(institution_id: UUID | None = None) -> Caller:
    """Return an institution's machine that may hand records in."""
    scopes = frozenset({"index.submit"})
    return Caller(CallerKind.CLIENT, new_id(), scopes, institution_id=institution_id or new_id())


def patient(name: str = "欧阳小花", **written: str | None) -> Written:
    """Return what a hospital writes of somebody whom no other test knows, but for what is said."""
    number = next_number(male=False, born=date(1901, 1, 2).replace(day=2 + next(_births) % 27))
    whole: dict[str, str | None] = {
        "name": name,
        "sex": "2",
        "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "document_kind": "01",
        "number": number,
    }
    return Written(**(whole | written))


def items(*written: Written, first: int = 1) -> list[index.RecordIn]:
    """Return records under the local numbers P1, P2 and so on."""
    return [index.RecordIn(f"P{place}", one) for place, one in enumerate(written, first)]


async def hand_in(database: Database, caller: Caller, written: Sequence[Written], first: int = 1) -> list[index.Answer]:
    return await index.register_records(database, caller, items(*written, first=first))


async def hand_in_one(database: Database, caller: Caller, written: Written, number: int = 1) -> index.Answer:
    [answer] = await hand_in(database, caller, [written], number)
    return answer
