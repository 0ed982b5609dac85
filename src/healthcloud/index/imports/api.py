"""Imports over HTTP: a file in pieces of at most 1 MiB, so that one broken off goes on, then step by step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field as Bounds
from starlette.responses import Response, StreamingResponse

from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems, visit_of
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.index.errors import NotYourInstitution
from healthcloud.index.imports import actions, answering, reads
from healthcloud.index.imports import errors as wrong
from healthcloud.index.imports.columns import Field, Mapping
from healthcloud.index.imports.model import LONGEST_NAME, MOST_BYTES, Import, Preview, Report
from healthcloud.index.imports.wish import ImportWish
from healthcloud.index.model import IMPORT

router = APIRouter(prefix="/index/imports", tags=["index"])
Step = Callable[[Transaction, Caller, UUID], Awaitable[Import]]
_ONE = "/{import_id:uuid}"
_STEP = (wrong.ImportNotFound, wrong.ImportNotReady, wrong.ImportForgotten, *once_problems)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file: CSV in the encoding of the one handed in, or a workbook.",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}} for media in ("text/csv", answering.WORKBOOK)
        },
    }
}
_PIECE: dict[str, Any] = {
    "requestBody": {
        "description": "The bytes of this piece, at most 1 MiB.",
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class FileWish(Wish):
    """A file to come: its name, size in bytes and SHA-256 in hexadecimal."""

    name: Annotated[str, Bounds(min_length=1, max_length=LONGEST_NAME)]
    size: Annotated[int, Bounds(ge=1, le=MOST_BYTES)]
    sha256: Annotated[str, Bounds(pattern="^[0-9a-fA-F]{64}$", min_length=64, max_length=64)]
    institution_id: UUID | None = None


class ColumnsWish(Wish):
    """Which column (from 0) holds what; `local_number`, `name`, and `number` or `birth_date` are needed."""

    columns: Annotated[dict[Field, Annotated[int, Bounds(ge=0, le=1000)]], Bounds(max_length=len(Field))]


@dataclass(frozen=True, slots=True)
class ImportShown:
    """
    An import: where it stands, its rows by outcome, and while it runs rows a second and seconds left.

    `columns` is the mapping chosen, `report` what the dry run found, `fault` why the file could not be read.
    """

    id: UUID
    institution_id: UUID
    name: str
    state: str
    kind: str | None
    rows: int
    done: int
    linked: int
    new: int
    review: int
    unchanged: int
    rejected: int
    rate: float | None
    seconds_left: int | None
    columns: dict[str, int] | None
    report: dict[str, Any] | None
    fault: dict[str, str] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, one: Import) -> "ImportShown":
        """Show an import."""
        mapping, found = one.columns, one.findings
        return cls(
            *(one.id, one.institution_id, one.name, one.state, one.kind, one.rows, one.done),
            *(one.linked, one.new, one.review, one.unchanged, one.rejected, one.rate, one.seconds_left),
            None if mapping is None else mapping.columns,
            None if found is None else _told(found),
            None if one.fault_en is None else {"en": one.fault_en, "zh": one.fault_zh or ""},
            *(one.created_at, one.started_at, one.ended_at),
        )


def _told(found: Report) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


@dataclass(frozen=True, slots=True)
class PreviewShown:
    """The beginning of a file: encoding, header, mapping proposed or chosen, masked rows, what would be rejected."""

    kind: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, int]
    confirmed: bool
    rows: list[dict[str, Any]]
    warnings: list[dict[str, str]]

    @classmethod
    def of(cls, found: Preview) -> "PreviewShown":
        """Show a preview."""
        shape = found.shape
        rows = [
            {
                "line": row.n,
                "cells": row.cells,
                "reasons": [{"zh": one.zh, "en": one.en} for one in found.reasons.get(row.n, ())],
            }
            for row in found.rows
        ]
        warnings = [{"zh": one.zh, "en": one.en} for one in found.warnings]
        return cls(
            *(shape.kind, shape.encoding, shape.delimiter, shape.header),
            *(found.mapping.columns, found.confirmed, rows, warnings),
        )


class ImportsQuery(Wish):
    """Whose imports (the city's staff may ask for any institution's, or all), and which page."""

    institution_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.post(
    "",
    status_code=201,
    response_model=ImportShown,
    dependencies=[needs(IMPORT)],
    responses=problems(NotYourInstitution, wrong.TooManyImports, Unacceptable, *once_problems),
)
async def begin_import(body: FileWish, caller: CallerIn, once: OnceIn) -> Response:
    """Announce a patient file 导入患者文件; the same file again is the same import."""
    wish = ImportWish(body.name, body.size, bytes.fromhex(body.sha256), body.institution_id)

    async def begin(tx: Transaction) -> ImportShown:
        return ImportShown.of(await actions.begin(tx, caller, wish))

    return await once(begin)


@router.get("", dependencies=[needs(IMPORT)], responses=problems(CursorUnreadable))
async def list_imports(
    caller: CallerIn, database: DatabaseIn, query: Annotated[ImportsQuery, Query()]
) -> Page[ImportShown]:
    """List imports, the newest first 导入列表."""
    before = decode_cursor(query.cursor, tuple[UUID])[0] if query.cursor else reads.NEWEST
    async with database.read() as read:
        found = await reads.imports(read, caller, query.institution_id, before=before, limit=query.limit + 1)
    return page_of([ImportShown.of(one) for one in found], query.limit, lambda one: (one.id,))


@router.get(_ONE, dependencies=[needs(IMPORT)], responses=problems(wrong.ImportNotFound))
async def show_import(import_id: UUID, caller: CallerIn, database: DatabaseIn) -> ImportShown:
    """Show how far an import has come 导入进度."""
    async with database.read() as read:
        return ImportShown.of(await reads.visible(read, caller, import_id))


@router.get(_ONE + "/pieces", dependencies=[needs(IMPORT)], responses=problems(wrong.ImportNotFound))
async def pieces_arrived(import_id: UUID, caller: CallerIn, database: DatabaseIn) -> list[int]:
    """Tell which pieces have come, so that an upload broken off can go on 已收到的分片."""
    async with database.read() as read:
        return await reads.arrived(read, caller, import_id)


@router.put(
    _ONE + "/pieces/{n:int}",
    status_code=204,
    response_class=Response,
    dependencies=[needs(IMPORT)],
    responses=problems(
        wrong.ImportNotFound, wrong.ImportNotReady, wrong.ImportForgotten, wrong.FileIncomplete, Unacceptable
    ),
    openapi_extra=_PIECE,
)
async def put_piece(import_id: UUID, n: int, request: Request, caller: CallerIn, database: DatabaseIn) -> None:
    """Send a piece of the file, numbered from 0, its bytes as the body 上传分片; the same number again replaces it."""
    piece = visit_of(request.scope).body
    await database.transact(lambda tx: actions.put_piece(tx, caller, import_id, n, piece))


@router.post(
    _ONE + "/complete",
    response_model=ImportShown,
    dependencies=[needs(IMPORT)],
    responses=problems(*_STEP, wrong.FileIncomplete),
)
async def complete_import(import_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Have the file read, now that every piece has come 上传完成."""
    return await once(_step(actions.complete, caller, import_id), status=200)


@router.get(
    _ONE + "/preview",
    dependencies=[needs(IMPORT)],
    responses=problems(wrong.ImportNotFound, wrong.ImportNotReady, wrong.ImportForgotten),
)
async def preview_import(import_id: UUID, caller: CallerIn, database: DatabaseIn) -> PreviewShown:
    """Show the file's columns, which of them seem to hold what, and its first rows masked 预览."""
    async with database.read() as read:
        return PreviewShown.of(await reads.preview(read, caller, import_id))


@router.put(
    _ONE + "/mapping",
    dependencies=[needs(IMPORT)],
    responses=problems(
        wrong.ImportNotFound, wrong.ImportNotReady, wrong.ImportForgotten, wrong.MappingWrong, Unacceptable
    ),
)
async def map_columns(import_id: UUID, body: ColumnsWish, caller: CallerIn, database: DatabaseIn) -> ImportShown:
    """Say which column holds what 确认列对应."""
    mapping = Mapping({field.value: place for field, place in body.columns.items()})
    return ImportShown.of(await database.transact(lambda tx: actions.choose_columns(tx, caller, import_id, mapping)))


@router.post(_ONE + "/dry-run", response_model=ImportShown, dependencies=[needs(IMPORT)], responses=problems(*_STEP))
async def try_import_out(import_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Have every row read and a sample decided on; only the report is written 试运行."""
    return await once(_step(actions.try_out, caller, import_id), status=200)


@router.post(_ONE + "/start", response_model=ImportShown, dependencies=[needs(IMPORT)], responses=problems(*_STEP))
async def start_import(import_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Hand the rows to the index, or go on after a pause 开始导入."""
    return await once(_step(actions.start, caller, import_id), status=200)


@router.post(_ONE + "/pause", response_model=ImportShown, dependencies=[needs(IMPORT)], responses=problems(*_STEP))
async def pause_import(import_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Have it rest after the rows that are being worked 暂停."""
    return await once(_step(actions.pause, caller, import_id), status=200)


@router.post(_ONE + "/cancel", response_model=ImportShown, dependencies=[needs(IMPORT)], responses=problems(*_STEP))
async def cancel_import(import_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """End it; rows worked stay as they are 取消导入."""
    return await once(_step(actions.cancel, caller, import_id), status=200)


@router.get(
    _ONE + "/rejected",
    dependencies=[needs(IMPORT)],
    responses=_FILE | problems(wrong.ImportNotFound, wrong.ImportForgotten),
    response_class=Response,
)
async def rejected_rows(import_id: UUID, caller: CallerIn, database: DatabaseIn) -> Response:
    """Take the rejected rows back, as the same kind of file with a column of reasons 下载退回行: a deed."""
    return _download(await answering.rejected(database, caller, import_id))


@router.get(
    _ONE + "/answers",
    dependencies=[needs(IMPORT)],
    responses=_FILE | problems(wrong.ImportNotFound, wrong.ImportForgotten),
    response_class=Response,
)
async def answered_rows(import_id: UUID, caller: CallerIn, database: DatabaseIn) -> Response:
    """Take the answer to each local number: person, card status, outcome, rule 下载结果: a deed."""
    return _download(await answering.answers(database, caller, import_id))


def _step(action: Step, caller: Caller, import_id: UUID) -> Callable[[Transaction], Awaitable[ImportShown]]:
    async def take(tx: Transaction) -> ImportShown:
        return ImportShown.of(await action(tx, caller, import_id))

    return take


def _download(file: answering.FileOut) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=headers)
