"""Code sets over HTTP: public, by version and day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from healthcloud.core.http import DatabaseIn, Day, Wish, needs_nothing, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.institutions.codes import reads
from healthcloud.institutions.codes.errors import CodeSetUnknown
from healthcloud.institutions.codes.model import Code, CodeSet

router = APIRouter(prefix="/codes", tags=["codes"])
PUBLIC = "code sets are published standards"
On = Annotated[Day | None, Query(description="The day the codes are to be in force, today by default. 生效日期。")]


@dataclass(frozen=True, slots=True)
class SetTold:
    """A version of a code set as people see it."""

    name: str
    version: str
    effective_from: date
    title_zh: str
    title_en: str
    standard: str
    note: str | None


@dataclass(frozen=True, slots=True)
class CodesTold:
    """A version of a code set with a page of its codes."""

    set: SetTold
    codes: Page[Code]


class CodesQuery(Wish):
    """Which codes of a set are wanted."""

    on: On = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100
    cursor: Annotated[str | None, Query(max_length=400)] = None


def _told(one: CodeSet) -> SetTold:
    return SetTold(one.name, one.version, one.effective_from, one.title_zh, one.title_en, one.standard, one.note)


@router.get("", dependencies=[needs_nothing(PUBLIC)])
async def list_sets(database: DatabaseIn, on: On = None) -> list[SetTold]:
    """List the code sets in force, each in its version of that day."""
    async with database.read() as read:
        return [_told(one) for one in await reads.sets_in_force(read, on)]


@router.get("/{name}", dependencies=[needs_nothing(PUBLIC)], responses=problems(CodeSetUnknown, CursorUnreadable))
async def list_codes(name: str, database: DatabaseIn, query: Annotated[CodesQuery, Query()]) -> CodesTold:
    """List the codes of a set, in their order."""
    (after,) = decode_cursor(query.cursor, tuple[str]) if query.cursor else ("",)
    async with database.read() as read:
        one = await reads.set_in_force(read, name, query.on)
        found = await reads.codes_of(read, one, after=after, limit=query.limit + 1)
    return CodesTold(_told(one), page_of(found, query.limit, lambda code: (code.code,)))


@router.get("/{name}/{code}", dependencies=[needs_nothing(PUBLIC)], responses=problems(CodeSetUnknown))
async def look_up(name: str, code: str, database: DatabaseIn, on: On = None) -> Code:
    """Look one code up."""
    async with database.read() as read:
        found = await reads.find_code(read, name, code, on)
    if found is None:
        raise CodeSetUnknown
    return found
