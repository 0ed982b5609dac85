"""A reader's folder: what it was set up with, the lists it has, and a lock that lets one process write."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from healthcloud_reader.jws import SignedList, from_base64url, read_json, read_list, to_base64url
from healthcloud_reader.offline.lists import Revocations
from healthcloud_reader.offline.sealing import write_private
from healthcloud_reader.reasons import Unreadable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_CONFIG, _TRUST, _REVOCATIONS, _CLOCK, _LOCK = "reader.json", "trust.json", "revocations.json", "clock.json", "lock"


class FolderBusy(Exception):
    """Another process writes in this reader's folder; end it first."""

    zh = "另一个程序正在使用本设备的数据文件夹，请先结束它。"


class FolderUnusable(Exception):
    """This folder holds no reader, or its set-up is damaged; run `healthcloud-reader init`."""

    zh = "此文件夹中没有读码器，或其设置已损坏；请运行 healthcloud-reader init。"


@dataclass(frozen=True, slots=True)
class SetUp:
    """
    What a reader is told once: its city's address, the key it trusts first, and what it scans for.

    `key` is the id of one of the city's keys, given by somebody trusted and not over the same network; `terminal` the
    institution's name of this terminal; `client` the id of the client key uploads are signed with, or none.
    """

    city: str
    key: str
    terminal: str
    scene: str
    client: str = ""
    algorithm: str = "HMAC-SM3"


class Folder:
    """The folder of one reader, locked for this process until it is closed; every file is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        """Lock the folder; raise FolderBusy."""
        self.path = path
        self._lock = _locked(path / _LOCK)

    def close(self) -> None:
        """Let another process have it."""
        self._lock.close()

    def keep_set_up(self, set_up: SetUp) -> None:
        """Write the set-up."""
        self._write(_CONFIG, asdict(set_up))

    def set_up(self) -> SetUp:
        """Read the set-up; raise FolderUnusable."""
        try:
            return SetUp(**json.loads((self.path / _CONFIG).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise FolderUnusable from error

    def keep_trust(self, signed: SignedList) -> None:
        """Write the trust list as it came."""
        self._write(_TRUST, signed.document())

    def trust(self) -> SignedList | None:
        """Return the trust list that was kept, or None."""
        with suppress(OSError, Unreadable):
            return read_list(read_json((self.path / _TRUST).read_bytes()))
        return None

    def keep_revocations(self, held: Revocations) -> None:
        """Write what is void."""
        lines = [[to_base64url(key), slot, void] for (key, slot), void in sorted(held.entries.items())]
        self._write(_REVOCATIONS, {"number": held.number, "issued_at": held.issued_at, "entries": lines})

    def revocations(self) -> Revocations | None:
        """Return what is void as it was kept, or None."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads((self.path / _REVOCATIONS).read_bytes())
            entries = {(from_base64url(key), slot): void for key, slot, void in kept["entries"]}
            return Revocations(kept["number"], kept["issued_at"], entries)
        return None

    def keep_offset(self, offset: float) -> None:
        """Write how many seconds the machine's clock is behind."""
        self._write(_CLOCK, {"offset": offset})

    def offset(self) -> float:
        """Return the offset that was kept, else 0."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return float(json.loads((self.path / _CLOCK).read_bytes())["offset"])
        return 0.0

    def _write(self, name: str, value: object) -> None:
        write_private(self.path / name, json.dumps(value, ensure_ascii=False).encode())


def _locked(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise FolderBusy from error
    return file
