"""What this hospital keeps in its own folder: patients by its own numbers, uses, and what is still to be sent."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from healthcloud_simulators.hospital.faces import Patient, Place, Use


@dataclass(slots=True)
class Book:
    """One file, written whole after each act."""

    path: Path | None = None
    patients: dict[str, Patient] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    reported: set[str] = field(default_factory=set)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    last: int = 0

    @classmethod
    def open(cls, folder: Path | None) -> "Book":
        """Read what was kept."""
        if folder is None:
            return cls()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "book.json"
        if not path.exists():
            return cls(path)
        kept = json.loads(path.read_text("utf-8"))
        uses = [
            Use(one["number"], one["card_id"], one["code"], one["at"], Place(**one["place"])) for one in kept["uses"]
        ]
        patients = {number: Patient(**one) for number, one in kept["patients"].items()}
        return cls(path, patients, uses, set(kept["reported"]), kept["waiting"], kept["last"])

    def keep(self) -> None:
        """Write it."""
        if self.path is None:
            return
        kept = {
            "patients": {number: asdict(one) for number, one in self.patients.items()},
            "uses": [asdict(one) for one in self.uses],
            "reported": sorted(self.reported),
            "waiting": self.waiting,
            "last": self.last,
        }
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        draft.replace(self.path)

    def new_number(self, letter: str = "P") -> str:
        """Return this hospital's next number: a letter and seven digits."""
        self.last += 1
        return f"{letter}{self.last:07d}"

    def patient_of(self, name: str, birth_date: str, id_number: str, *, by_name: bool) -> Patient | None:
        """Return who is filed already: by the document, or carelessly by name and birthday."""
        for one in self.patients.values():
            same_document = bool(id_number) and one.id_number == id_number
            if same_document or (by_name and one.birth_date == birth_date and one.name[:2] == name[:2]):
                return one
        return None
