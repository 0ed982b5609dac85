"""The key file: JSON, readable by its owner alone, replaced whole and never written in place."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from healthcloud.core.crypto.errors import KeyFileBroken, KeyFileExposed, KeyFileMissing
from healthcloud.core.crypto.purposes import ALGORITHMS, KeyState, Use, is_purpose_name
from healthcloud.core.crypto.rotation import StoredKey, StoredPurpose
from healthcloud.core.crypto.software import SECRET_LENGTHS
from healthcloud_reader.digests import sm3

Stamp = tuple[int, int, int]  # modification time, inode, size: one of them changes with every replacement


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Everything in the file; `development` marks keys that production must refuse."""

    format: Literal[1]
    development: bool
    purposes: dict[str, StoredPurpose]

    @property
    def version(self) -> str:
        """16 hexadecimal digits, equal where the same keys stand in the same states; no secret goes into them."""
        lines = (f"{name} {key.number} {key.state}" for name, p in sorted(self.purposes.items()) for key in p.keys)
        return sm3("\n".join(lines).encode())[:8].hex()


def stamp(path: Path) -> Stamp:
    """Return what changes when the file is replaced; raise KeyFileMissing."""
    try:
        return _stamp(path.stat())
    except OSError as error:
        raise KeyFileMissing(type(error).__name__) from error


def read(path: Path) -> tuple[KeyFile, Stamp]:
    """Read and check the file; raise KeyFileMissing, KeyFileExposed or KeyFileBroken."""
    try:
        with path.open("rb") as opened:
            status = os.fstat(opened.fileno())
            if stat.S_IMODE(status.st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
                raise KeyFileExposed(mode=f"{stat.S_IMODE(status.st_mode):04o}")
            text = opened.read()
    except OSError as error:
        raise KeyFileMissing(type(error).__name__) from error
    try:
        file = msgspec.json.decode(text, type=KeyFile)
    except msgspec.DecodeError as error:
        raise KeyFileBroken(str(error)) from error
    for name, stored in file.purposes.items():
        fault = _fault(name, stored)
        if fault:
            raise KeyFileBroken(fault, purpose=name)
    return file, _stamp(status)


def write(path: Path, file: KeyFile) -> None:
    """Replace the file in one step: whoever reads sees the old or the new one whole. The owner stays who it was."""
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n")
            opened.flush()
            if target.exists():
                os.fchown(opened.fileno(), target.stat().st_uid, -1)  # an administrator may rotate a service's keys
            os.fsync(opened.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    with _folder(target.parent) as folder:
        os.fsync(folder)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes from changing the file between reading and replacing it."""
    with _folder(path.resolve().parent) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_ino, status.st_size


def _fault(name: str, stored: StoredPurpose) -> str | None:
    numbers = [key.number for key in stored.keys]
    rules = {
        "this is no purpose name": is_purpose_name(name),
        "keys are not numbered 1, 2, 3 …": numbers == list(range(1, len(numbers) + 1)),
        "there must be exactly one current key": len(stored.in_state(KeyState.CURRENT)) == 1,
        "there are two next keys": len(stored.in_state(KeyState.NEXT)) <= 1,
        "there are two previous keys": stored.use is Use.SIGN or len(stored.in_state(KeyState.PREVIOUS)) <= 1,
        "a key does not fit its use or algorithm": all(_fits(stored.use, key) for key in stored.keys),
    }
    return next((fault for fault, kept in rules.items() if not kept), None)


def _fits(use: Use, key: StoredKey) -> bool:
    return key.algorithm in ALGORITHMS[use] and len(key.secret) == SECRET_LENGTHS[key.algorithm]
