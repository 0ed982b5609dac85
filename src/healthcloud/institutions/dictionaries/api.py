"""Dictionaries over HTTP, beneath their institution: its own staff and the city's."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems, visit_of
from healthcloud.institutions.dictionaries import actions, reads
from healthcloud.institutions.dictionaries.editing import LONGEST_LABEL, MOST_AT_ONCE
from healthcloud.institutions.dictionaries.errors import (
    DictionaryUnknown,
    MappingSheetUnreadable,
    MappingUnknown,
    MappingWrong,
)
from healthcloud.institutions.dictionaries.model import Coverage, Mapping, MappingWish, Sheet, Unmapped
from healthcloud.institutions.dictionaries.sheets import write_sheet
from healthcloud.institutions.dictionaries.spelling import LONGEST
from healthcloud.institutions.errors import InstitutionUnknown
from healthcloud.institutions.rights import MANAGE

router = APIRouter(prefix="/institutions/{institution_id}/dictionaries", tags=["institutions"])
Theirs = Annotated[str, Field(min_length=1, max_length=LONGEST)]
SheetFile: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "CSV, UTF-8 or GB18030: theirs 本院编码, ours 标准编码, perhaps label 名称 and answer 回传.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


class EntryBody(Wish):
    """That an institution's `theirs` means the city's `ours`; `is_answer` left out: said back if nothing else is."""

    theirs: Theirs
    ours: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    label: Annotated[str | None, Field(max_length=LONGEST_LABEL)] = None
    is_answer: bool | None = None


class EntriesBody(Wish):
    """Mappings of one dictionary, to be added or replaced."""

    entries: Annotated[list[EntryBody], Field(min_length=1, max_length=MOST_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class DictionariesTold:
    """An institution's dictionaries: how far each reaches, and what was seen unmapped."""

    coverage: list[Coverage]
    unmapped: list[Unmapped]


@dataclass(frozen=True, slots=True)
class Changed:
    """How many mappings changed."""

    changed: int


@router.get("", dependencies=[needs(MANAGE)])
async def list_dictionaries(institution_id: UUID, caller: CallerIn, database: DatabaseIn) -> DictionariesTold:
    """Tell how far each dictionary reaches 字典对照覆盖, and which values were taken for 其他."""
    async with database.read() as read:
        covered = await reads.coverage_of(read, caller, institution_id)
        return DictionariesTold(covered, await reads.unmapped_of(read, caller, institution_id))


@router.get("/{set_name}", dependencies=[needs(MANAGE)], responses=problems(DictionaryUnknown))
async def list_mappings(institution_id: UUID, set_name: str, caller: CallerIn, database: DatabaseIn) -> list[Mapping]:
    """List an institution's mappings of a dictionary."""
    async with database.read() as read:
        return await reads.mappings_of(read, caller, institution_id, set_name)


@router.put(
    "/{set_name}",
    dependencies=[needs(MANAGE)],
    responses=problems(DictionaryUnknown, MappingWrong, InstitutionUnknown),
)
async def put_mappings(
    institution_id: UUID, set_name: str, body: EntriesBody, caller: CallerIn, database: DatabaseIn
) -> Changed:
    """Add or replace mappings; the same again changes nothing."""
    wishes = [MappingWish(one.theirs, one.ours, one.label, one.is_answer) for one in body.entries]
    return Changed(
        await database.transact(lambda tx: actions.put_mappings(tx, caller, institution_id, set_name, wishes))
    )


@router.delete(
    "/{set_name}",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(DictionaryUnknown, MappingUnknown, InstitutionUnknown),
)
async def remove_mapping(
    institution_id: UUID,
    set_name: str,
    theirs: Annotated[str, Query(min_length=1, max_length=LONGEST)],
    caller: CallerIn,
    database: DatabaseIn,
) -> None:
    """Take a mapping away; the standard reads the value again."""
    await database.transact(lambda tx: actions.remove_mapping(tx, caller, institution_id, set_name, theirs))


@router.get(
    "/{set_name}/sheet",
    response_class=Response,
    dependencies=[needs(MANAGE)],
    responses={**CSV, **problems(DictionaryUnknown)},
)
async def write_mappings(institution_id: UUID, set_name: str, caller: CallerIn, database: DatabaseIn) -> Response:
    """Return an institution's mappings of a dictionary as CSV."""
    async with database.read() as read:
        found = await reads.mappings_of(read, caller, institution_id, set_name)
    return Response("\ufeff" + write_sheet(found), media_type="text/csv")


@router.post(
    "/{set_name}/sheet",
    dependencies=[needs(MANAGE)],
    responses=problems(DictionaryUnknown, MappingSheetUnreadable, InstitutionUnknown),
    openapi_extra=SheetFile,
)
async def import_mappings(
    institution_id: UUID, set_name: str, request: Request, caller: CallerIn, database: DatabaseIn
) -> Sheet:
    """Take in a CSV of mappings: each good line, and of each other why not."""
    content = visit_of(request.scope).body
    return await database.transact(lambda tx: actions.import_mappings(tx, caller, institution_id, set_name, content))
