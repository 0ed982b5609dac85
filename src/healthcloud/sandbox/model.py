"""What the sandbox keeps: its clock, its switches, a call; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

FARTHEST_SECONDS = 60 * 24 * 3600
SLOWEST_MS = 60_000
# Ways in, and the way out. HL7 over MLLP goes by neither switches nor journal.
WAYS = ("own", "fhir", "family-b", "family-c", "tencent", "shandong", "outward")
MOST_CALLS = 5_000  # the journal keeps, the newest, and up to a hundred more of each process
EVERY_FACE, EVERYBODY = "*", UUID(int=0)


@dataclass(frozen=True, slots=True)
class Switches:
    """
    Failures on purpose, of one face to one institution.

    `duplicate`: what is sent is delivered twice. `out_of_order`: what is sent waits until the next call is answered.
    """

    face: str = EVERY_FACE
    institution_id: UUID = EVERYBODY
    slow_ms: int = 0
    down: bool = False
    wrong_signature: bool = False
    duplicate: bool = False
    out_of_order: bool = False

    @property
    def names(self) -> list[str]:
        """Which of them are on."""
        told = [name for name in ("down", "wrong_signature", "duplicate", "out_of_order") if getattr(self, name)]
        return [*(("slow",) if self.slow_ms else ()), *told]


class Heard(NamedTuple):
    """A call as it came: headers by lower-case names, target with its query."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Signed(NamedTuple):
    """
    What a call's signature is over, as we computed it, and who signed.

    `form` says how the string is built: `lines`, `pairs` (k=v&k=v) or `blob`; `secret` is what it ends in, if that.
    """

    text: str
    key: str
    form: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the journal; headers as JSON."""

    id: UUID
    at: datetime
    face: str
    method: str
    target: str
    key: str
    institution_id: UUID | None
    status: int
    outcome: str
    took_ms: int
    switched: list[str]
    asked_headers: bytes
    asked: bytes
    told_headers: bytes
    told: bytes
    signed: bytes | None
    form: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call in the journal's list."""

    id: UUID
    at: datetime
    face: str
    method: str
    target: str
    key: str
    institution_id: UUID | None
    status: int
    outcome: str
    took_ms: int
    switched: list[str]


def switches_for(all_of_them: Iterable[Switches], face: str, institution_id: UUID | None) -> Switches:
    """Return what is switched on for a call: everything said of its face and institution, or of all."""
    said = [
        one
        for one in all_of_them
        if one.face in (EVERY_FACE, face) and one.institution_id in (EVERYBODY, institution_id)
    ]
    return Switches(
        face,
        institution_id or EVERYBODY,
        max((one.slow_ms for one in said), default=0),
        any(one.down for one in said),
        any(one.wrong_signature for one in said),
        any(one.duplicate for one in said),
        any(one.out_of_order for one in said),
    )
