"""
The sealed journal: uses waiting for upload, uses set aside, and the steps seen, in one file that only grows.

A line is the base64url of a sealed record, written through to the disk before it counts. A line torn by a power cut was
never answered for and is dropped; one that does not open is moved to `journal.damaged` and counted. Now and then what
still matters is written anew and takes the old file's place.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from healthcloud_reader.jws import from_base64url, to_base64url
from healthcloud_reader.offline.sealing import SealBroken, seal, unseal, write_private

MAX_WAITING = 100_000
SEEN_STEPS = 24 * 60
_TIDY_AFTER = 2000


@dataclass(frozen=True, slots=True)
class Use:
    """
    A use as it will be told to the platform; `at` in Unix seconds, `seen` what the reader decided.

    `card`, `slot` and `step` name it; a code the reader cannot prove is named by its digest with slot and step -1.
    """

    id: str
    terminal: str
    scene: str
    at: float
    code: str
    seen: str
    card: str
    slot: int
    step: int

    @property
    def name(self) -> tuple[str, int, int]:
        """What it is known by."""
        return self.card, self.slot, self.step


@dataclass(frozen=True, slots=True)
class Aside:
    """A use the platform did not take, kept for a person, with the problem it told."""

    use: Use
    problem: str
    en: str
    zh: str


class JournalFull(Exception):
    """The journal cannot be written: 100,000 uses wait, or the disk does not take another line."""

    zh = "记录无法写入：待上传已达十万条，或磁盘已满。"


class Journal:
    """The journal of one reader, one thread at a time; `latest_step` is the latest step seen of any phone, or -1."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Read what there is."""
        self._path, self._key = path, key
        self.waiting: dict[str, Use] = {}
        self.aside: dict[str, Aside] = {}
        self.damaged = 0
        self._seen: dict[tuple[str, int, int], dict[tuple[str, str], str]] = {}
        self._newest: dict[tuple[str, int], int] = {}
        self.latest_step = -1
        self._lines = 0
        for record in self._records():
            self._apply(record)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self.damaged:
            self.rewrite(0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def seen(self, name: tuple[str, int, int], terminal: str, scene: str) -> str | None:
        """Return the id of the use this terminal and scene made of this very code, or None."""
        return self._seen.get(name, {}).get((terminal, scene))

    def newest_step(self, card: str, slot: int) -> int:
        """Return the latest step seen of a phone, or -1."""
        return self._newest.get((card, slot), -1)

    def keep(self, use: Use) -> None:
        """Write a use through to the disk; raise JournalFull, in which case nothing was kept."""
        if len(self.waiting) >= MAX_WAITING:
            raise JournalFull
        self._append({"kind": "use", "use": asdict(use)})

    def settle(self, ids: Iterable[str]) -> None:
        """Note that the platform has these uses; what was seen stays known for a day."""
        self._append({"kind": "settled", "ids": sorted(ids)})

    def set_aside(self, aside: Aside) -> None:
        """Keep a use for a person."""
        self._append({"kind": "aside", **asdict(aside)})

    def dismiss(self, use_id: str) -> bool:
        """Forget a use that was set aside, for a person has seen to it; tell whether there was one."""
        if use_id not in self.aside:
            return False
        self._append({"kind": "dismissed", "id": use_id})
        return True

    def tidy(self, step: int) -> None:
        """Write the journal anew when most of it is over; steps more than a day before this one are forgotten."""
        if self._lines >= _TIDY_AFTER and self._lines >= 2 * (len(self.waiting) + len(self.aside)):
            with suppress(OSError):  # on a full disk the old file goes on
                self.rewrite(step)

    def rewrite(self, step: int) -> None:
        """Write what still matters anew, and put it in the old file's place."""
        oldest = step - SEEN_STEPS
        self._seen = {
            name: by
            for name, by in self._seen.items()
            if name[2] >= oldest or any(i in self.waiting for i in by.values())
        }
        self._newest = {phone: last for phone, last in self._newest.items() if last >= oldest}
        seen: list[dict[str, object]] = [
            {"kind": "seen", "name": list(name), "by": [[*place, use] for place, use in by.items()]}
            for name, by in self._seen.items()
        ]
        uses: list[dict[str, object]] = [{"kind": "use", "use": asdict(one)} for one in self.waiting.values()]
        asides: list[dict[str, object]] = [{"kind": "aside", **asdict(one)} for one in self.aside.values()]
        lines = [self._line(record) for record in (*seen, *uses, *asides)]
        os.close(self._file)
        try:
            write_private(self._path, b"".join(lines))
            self._lines = len(lines)
        finally:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _append(self, record: dict[str, object]) -> None:
        end = os.fstat(self._file).st_size
        try:
            _write_through(self._file, self._line(record))
        except OSError as error:
            os.ftruncate(self._file, end)
            raise JournalFull from error
        self._lines += 1
        self._apply(record)

    def _apply(self, record: dict[str, object]) -> None:
        match record:
            case {"kind": "use", "use": dict(fields)}:
                use = Use(**fields)
                self.waiting[use.id] = use
                self._see(use.name, use.terminal, use.scene, use.id)
            case {"kind": "settled", "ids": list(ids)}:
                for one in ids:
                    self.waiting.pop(one, None)
            case {"kind": "aside", "use": dict(fields), "problem": str(problem), "en": str(en), "zh": str(zh)}:
                aside = Aside(Use(**fields), problem, en, zh)
                self.waiting.pop(aside.use.id, None)
                self.aside[aside.use.id] = aside
                self._see(aside.use.name, aside.use.terminal, aside.use.scene, aside.use.id)
            case {"kind": "dismissed", "id": str(use_id)}:
                self.aside.pop(use_id, None)
            case {"kind": "seen", "name": [str(card), int(slot), int(step)], "by": list(by)}:
                for terminal, scene, use_id in by:
                    self._see((card, slot, step), terminal, scene, use_id)

    def _see(self, name: tuple[str, int, int], terminal: str, scene: str, use_id: str) -> None:
        self._seen.setdefault(name, {})[terminal, scene] = use_id
        card, slot, step = name
        self._newest[card, slot] = max(step, self._newest.get((card, slot), -1))
        self.latest_step = max(step, self.latest_step)

    def _line(self, record: dict[str, object]) -> bytes:
        plain = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        return to_base64url(seal(self._key, plain)).encode() + b"\n"

    def _records(self) -> Iterator[dict[str, object]]:
        if not self._path.exists():
            return
        text = self._path.read_bytes()
        whole = text.rfind(b"\n") + 1
        if whole < len(text):
            os.truncate(self._path, whole)
        for line in text[:whole].splitlines():
            self._lines += 1
            try:
                yield json.loads(unseal(self._key, from_base64url(line.decode())))
            except (SealBroken, ValueError):
                self._put_by(line)

    def _put_by(self, line: bytes) -> None:
        self.damaged += 1
        beside = os.open(self._path.with_suffix(".damaged"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(beside, "ab") as file:
            file.write(line + b"\n")


def _write_through(file: int, line: bytes) -> None:
    """Write all of a line to the disk itself; raise OSError."""
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)
