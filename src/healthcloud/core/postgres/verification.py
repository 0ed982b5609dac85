"""
Checking a base backup against its manifest (PostgreSQL 18 documentation, chapter 70, "Backup Manifest Format").

PostgreSQL's own pg_verifybackup does the same; the one in the package we take PostgreSQL from does not run at all.
"""

import hashlib
import subprocess
from pathlib import Path

import msgspec

from healthcloud.core.postgres.binaries import ENVIRONMENT, Binaries
from healthcloud.core.postgres.errors import BackupDamaged

MANIFEST = "backup_manifest"
_LOG = "pg_wal"  # not in the manifest: its records carry their own checksums, which pg_waldump reads


class _File(msgspec.Struct):
    path: str = msgspec.field(name="Path", default="")
    encoded_path: str = msgspec.field(name="Encoded-Path", default="")
    size: int = msgspec.field(name="Size", default=0)
    algorithm: str = msgspec.field(name="Checksum-Algorithm", default="")
    checksum: str = msgspec.field(name="Checksum", default="")

    @property
    def name(self) -> str:
        return self.path or bytes.fromhex(self.encoded_path).decode(errors="surrogateescape")


class _Range(msgspec.Struct):
    timeline: int = msgspec.field(name="Timeline")
    start: str = msgspec.field(name="Start-LSN")
    end: str = msgspec.field(name="End-LSN")


class _Manifest(msgspec.Struct):
    files: list[_File] = msgspec.field(name="Files")
    ranges: list[_Range] = msgspec.field(name="WAL-Ranges")
    checksum: str = msgspec.field(name="Manifest-Checksum")


def verify_backup(data: Path, binaries: Binaries) -> None:
    """Read every file and the log up to the backup's end; raise BackupDamaged naming the first fault."""
    manifest = _read(data / MANIFEST)
    listed = {file.name: file for file in manifest.files}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if path.is_dir() or name == MANIFEST or name.startswith(f"{_LOG}/"):
            continue
        file = listed.pop(name, None)
        if file is None:
            raise BackupDamaged(f"{name} does not belong to it")
        if path.stat().st_size != file.size or _digest(path) != file.checksum:
            raise BackupDamaged(f"{name} was changed")
    if listed:
        raise BackupDamaged(f"{min(listed)} is missing")
    for part in manifest.ranges:
        _verify_log(data / _LOG, part, binaries)


def _read(path: Path) -> _Manifest:
    try:
        text = path.read_bytes()
        manifest = msgspec.json.decode(text, type=_Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise BackupDamaged(f"{MANIFEST} cannot be read") from error
    # The last line holds the checksum of all lines before it.
    before = text[: text.rstrip(b"\n").rindex(b"\n") + 1]
    if hashlib.sha256(before).hexdigest() != manifest.checksum:
        raise BackupDamaged(f"{MANIFEST} was changed")
    if any(file.algorithm != "SHA256" for file in manifest.files):
        raise BackupDamaged(f"{MANIFEST} has other checksums than SHA256")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify_log(folder: Path, part: _Range, binaries: Binaries) -> None:
    arguments = [binaries.program("pg_waldump"), "--quiet", "--path", str(folder)]
    arguments += ["--timeline", str(part.timeline), "--start", part.start, "--end", part.end]
    # Our own installation's program; no shell reads the arguments.
    done = subprocess.run(  # noqa: S603
        arguments, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupDamaged(f"{_LOG}: {done.stderr[-500:]}")
