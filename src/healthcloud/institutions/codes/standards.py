"""The small code sets of the standards, retyped in data/codes, with their manifest sets.toml."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.institutions.codes.actions import Progress, import_codes, silent
from healthcloud.institutions.codes.model import ImportReport, ImportWish

# The checkout's folder; an installed package is told its folder.
STANDARD_SETS = Path(__file__).parents[4] / "data" / "codes"
MANIFEST = "sets.toml"


@dataclass(frozen=True, slots=True)
class StandardSet:
    """One entry of the manifest; `file` stands beside it."""

    file: str
    standard: str
    version: str
    effective_from: date
    title_zh: str
    title_en: str
    note: str | None = None


def read_manifest(folder: Path = STANDARD_SETS) -> dict[str, StandardSet]:
    """Return the folder's sets by name."""
    with (folder / MANIFEST).open("rb") as file:
        return msgspec.convert(tomllib.load(file), dict[str, StandardSet])


async def load_standard_sets(
    database: Database, caller: Caller, folder: Path = STANDARD_SETS, *, progress: Progress = silent
) -> list[ImportReport]:
    """Import every set of the manifest that is not there as its file stands (scope codes.import)."""
    sets = read_manifest(folder)
    reports = []
    for number, (name, one) in enumerate(sets.items(), 1):
        wish = ImportWish(
            set_name=name,
            version=one.version,
            effective_from=one.effective_from,
            title_zh=one.title_zh,
            title_en=one.title_en,
            standard=one.standard,
            note=one.note,
        )
        reports.append(await import_codes(database, caller, folder / one.file, wish))
        progress(number, len(sets))
    return reports
