"""One adapter for each way into the city; every one does what `Face` says in its own words."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(slots=True)
class Patient:
    """Somebody as this hospital writes them down; `number` is its own patient number."""

    number: str
    name: str
    id_kind: str
    id_number: str
    sex: str
    birth_date: str
    phone: str = ""
    ethnicity: str = "01"
    nationality: str = "CHN"
    card_id: str = ""
    person_id: str = ""
    mother_id_number: str = ""
    mother_card_id: str = ""
    birth_order: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the hospital: 诊疗环节, 终端号 and the terminal's id."""

    scene: str
    terminal_code: str
    terminal_id: str = ""
    channel: str = "01"
    department: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A use this hospital tells of: `at` is `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai."""

    number: str
    card_id: str
    code: str
    at: str
    place: Place


@dataclass(frozen=True, slots=True)
class Scanned:
    """Who a scan showed, as far as this way in tells."""

    name: str
    card_id: str
    local_number: str = ""
    repeat: bool = False
    more: dict[str, Any] = field(default_factory=dict)


class Face(Protocol):
    """What a hospital can ask through one way in; raises Refused, Away, NotOffered."""

    name: str

    def open_card(self, patient: Patient) -> str:
        """Register a patient and return the card's id."""
        ...

    def code(self, patient: Patient) -> str:
        """Return a code as the patient's phone would show it."""
        ...

    def scan(self, code: str, place: Place) -> Scanned:
        """Verify a code."""
        ...

    def bind(self, patient: Patient, code: str) -> None:
        """Link this hospital's number of the patient to the card."""
        ...

    def correct(self, patient: Patient) -> None:
        """Tell that a patient's name, phone or the like is another now."""
        ...

    def report(self, uses: list[Use]) -> dict[str, str]:
        """Upload uses; return what became of each by its number."""
        ...


class NotOffered(Exception):
    """This way in has no such thing."""
