"""
Imports: a hospital's patient file taken in, tried, run in portions, and answered row by row.

`begin` → `put_piece` … → `complete` → (a job reads it) → `preview`, `choose_columns` → `try_out` → `start` → (a job
works it) → `rejected`, `answers`. What each column can hold is `Field`, titles for people `TITLES`.
"""

from healthcloud.index.imports.actions import (
    begin,
    cancel,
    choose_columns,
    complete,
    pause,
    put_piece,
    start,
    try_out,
)
from healthcloud.index.imports.answering import FileOut, answers, rejected
from healthcloud.index.imports.columns import REQUIRED, TITLES, Field, Mapping
from healthcloud.index.imports.errors import FileUnreadable, MappingWrong
from healthcloud.index.imports.forgetting.jobs import keep_seals
from healthcloud.index.imports.intake import read_file
from healthcloud.index.imports.jobs import kinds, recurring
from healthcloud.index.imports.model import MOST_BYTES, MOST_PIECE, Import, Outcome, Preview, Report, State
from healthcloud.index.imports.reads import arrived, imports, preview, visible
from healthcloud.index.imports.trying import try_import
from healthcloud.index.imports.wish import ImportWish
from healthcloud.index.imports.working import Work

__all__ = [
    "MOST_BYTES",
    "MOST_PIECE",
    "REQUIRED",
    "TITLES",
    "Field",
    "FileOut",
    "FileUnreadable",
    "Import",
    "ImportWish",
    "Mapping",
    "MappingWrong",
    "Outcome",
    "Preview",
    "Report",
    "State",
    "Work",
    "answers",
    "arrived",
    "begin",
    "cancel",
    "choose_columns",
    "complete",
    "imports",
    "keep_seals",
    "kinds",
    "pause",
    "preview",
    "put_piece",
    "read_file",
    "recurring",
    "rejected",
    "start",
    "try_import",
    "try_out",
    "visible",
]
