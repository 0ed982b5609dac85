"""What the demonstration has put into this city, so that nothing is put there twice: var/demonstration."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from healthcloud.core.settings import Settings


@dataclass(slots=True)
class Loaded:
    """Into which database (its first institution's id tells) and which chunks of residents."""

    first_institution: UUID
    chunk_size: int
    chunks: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The demonstration's own folder; everything in it is for its owner's eyes only."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> "Ledger":
        """Return this installation's."""
        return cls(settings.var / "demonstration")

    @property
    def staff_file(self) -> Path:
        """Sign-in names, passwords and second factors, a JSON line each."""
        return self.folder / "staff.jsonl"

    @property
    def registry_file(self) -> Path:
        """The residents, as the registry simulator reads them."""
        return self.folder / "registry.jsonl"

    @property
    def sms_file(self) -> Path:
        """What the SMS simulator received."""
        return self.folder / "sms.jsonl"

    @property
    def addresses_file(self) -> Path:
        """Where the city and its simulators listen."""
        return self.folder / "addresses.json"

    def hospital_file(self, number: int) -> Path:
        """Return where the key of a hospital's machine is."""
        return self.folder / f"hospital-{number}.json"

    def read(self, first_institution: UUID, chunk_size: int) -> Loaded:
        """Return what this database has; what was noted of another database is forgotten, files and all."""
        path = self.folder / "loaded.json"
        if path.exists():
            loaded = msgspec.json.decode(path.read_bytes(), type=Loaded)
            if (loaded.first_institution, loaded.chunk_size) == (first_institution, chunk_size):
                return loaded
            shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Loaded(first_institution, chunk_size)

    def keep(self, loaded: Loaded) -> None:
        """Note it durably."""
        self.write(self.folder / "loaded.json", msgspec.json.encode(loaded))

    def write(self, path: Path, content: bytes) -> None:
        """Write one of the folder's files whole or not at all, mode 0600."""
        handle, draft = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
