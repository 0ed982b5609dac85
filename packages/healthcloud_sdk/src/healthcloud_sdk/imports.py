"""
Patient files for the person index, step by step.

`announce(file_of(path))`, `send_piece` for each of `pieces_of(path)`, `complete`, `preview`, `map_columns`, `try_out`,
`start`; then `show` until it has ended, and `rejected` and `answers` are files. Each step may be repeated.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from healthcloud_sdk.calls import PREFIX, Call, get, nothing, post_once, whole
from healthcloud_sdk.shapes import from_json, to_json

PIECE = 1 << 20
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file to come: name, size in bytes, SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str
    institution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (from 0) holds what, as it is sent."""

    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Import:
    """An import: where it stands, its rows by outcome; `fault` says why a file could not be read."""

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


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file: header, the mapping proposed or chosen, masked rows, what would be rejected."""

    kind: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, int]
    confirmed: bool
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[dict[str, str], ...]


def file_of(path: Path) -> File:
    """Return what is announced of a file on this disk."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ):
            digest.update(block)
    return File(path.name, path.stat().st_size, digest.hexdigest())


def pieces_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of a file with their numbers."""
    with path.open("rb") as file:
        number = 0
        while piece := file.read(PIECE):
            yield number, piece
            number += 1


def announce(file: File, *, key: str | None = None) -> Call[Import]:
    """Announce a patient file 导入患者文件; the same file again is the same import."""
    return post_once(Import, "/index/imports", file, key)


def show(import_id: UUID) -> Call[Import]:
    """Show how far it has come 导入进度."""
    return get(Import, f"/index/imports/{import_id}")


def arrived(import_id: UUID) -> Call[tuple[int, ...]]:
    """Tell which pieces have come, so that an upload broken off can go on 已收到的分片."""
    return get(tuple[int, ...], f"/index/imports/{import_id}/pieces")


def send_piece(import_id: UUID, number: int, piece: bytes) -> Call[None]:
    """Send a piece, numbered from 0 上传分片; the same number again replaces it."""
    path = f"{PREFIX}/index/imports/{import_id}/pieces/{number}"
    return Call("PUT", path, nothing, piece, media="application/octet-stream")


def complete(import_id: UUID, *, key: str | None = None) -> Call[Import]:
    """Have the file read, now that every piece has come 上传完成."""
    return _step(import_id, "complete", key)


def preview(import_id: UUID) -> Call[Preview]:
    """Show its columns and first rows, masked 预览."""
    return get(Preview, f"/index/imports/{import_id}/preview")


def map_columns(import_id: UUID, columns: Mapping[str, int]) -> Call[Import]:
    """Say which column holds what 确认列对应."""
    path = f"{PREFIX}/index/imports/{import_id}/mapping"
    return Call("PUT", path, lambda body: from_json(Import, body), to_json(Columns(dict(columns))))


def try_out(import_id: UUID, *, key: str | None = None) -> Call[Import]:
    """Have every row read and a sample decided on, writing only the report 试运行."""
    return _step(import_id, "dry-run", key)


def start(import_id: UUID, *, key: str | None = None) -> Call[Import]:
    """Hand the rows to the index, or go on after a pause 开始导入."""
    return _step(import_id, "start", key)


def pause(import_id: UUID, *, key: str | None = None) -> Call[Import]:
    """Have it rest 暂停."""
    return _step(import_id, "pause", key)


def cancel(import_id: UUID, *, key: str | None = None) -> Call[Import]:
    """End it; rows worked stay as they are 取消导入."""
    return _step(import_id, "cancel", key)


def rejected(import_id: UUID) -> Call[bytes]:
    """Take the rejected rows back, with a column of reasons 下载退回行."""
    return Call("GET", f"{PREFIX}/index/imports/{import_id}/rejected", whole)


def answers(import_id: UUID) -> Call[bytes]:
    """Take the answer to each local number 下载结果."""
    return Call("GET", f"{PREFIX}/index/imports/{import_id}/answers", whole)


def _step(import_id: UUID, step: str, key: str | None) -> Call[Import]:
    path = f"{PREFIX}/index/imports/{import_id}/{step}"
    return Call("POST", path, lambda body: from_json(Import, body), once=key or uuid.uuid4().hex)
