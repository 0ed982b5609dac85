"""A visit (就诊) as its institution tells of it, and what one telling makes of the one before; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from healthcloud.core.crypto import Purpose, Use, sm3
from healthcloud.core.errors import FieldFault, Problem

CONTENT = "encounters.content"
PURPOSES = (Purpose(CONTENT, Use.SEAL),)
DELIVER = "exchange.deliver"
MOST_AT_ONCE = 500
LONGEST_NUMBER, LONGEST_TEXT = 64, 200

Place: TypeAlias = tuple[datetime, UUID]
NEWEST: Place = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0))


class EncounterKind(StrEnum):
    """就诊类型 of the electronic health card's code sets."""

    INPATIENT = "I"  # 住院
    OUTPATIENT = "O"  # 门诊
    EMERGENCY = "E"  # 急诊
    CHECKUP = "H"  # 体检
    OTHER = "T"  # 其它


class EncounterStatus(StrEnum):
    """Where a visit stands, in the words of FHIR R4's EncounterStatus that hospitals can tell."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    IN_PROGRESS = "in-progress"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A department or practitioner: the institution's own code, a name, or both."""

    code: str | None = None
    name: str | None = None


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What of a visit is kept sealed. New fields only at the end."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    department: Named | None = None
    practitioner: Named | None = None
    place: str | None = None  # ward, room, bed


@dataclass(frozen=True, slots=True)
class EncounterIn:
    """
    One telling of a visit, by its institution's visit number.

    Whose it is: `person_id` where a card or the city said it, else by the institution's `patient_number`. What is None
    was not told and stays as it was, unless this is the `whole` of it. `told_at` is when the source says so: of two
    tellings that overtook each other the later counts, and the earlier fills in what that left open.
    """

    number: str
    kind: EncounterKind | None = None
    status: EncounterStatus | None = None
    patient_number: str | None = None
    person_id: UUID | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    department: Named | None = None
    practitioner: Named | None = None
    place: str | None = None
    told_at: datetime | None = None
    whole: bool = False


class State(NamedTuple):
    """All that is known of a visit at one version."""

    kind: str
    status: str
    patient_number: str | None
    person_id: UUID | None
    content: Content
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit as kept, opened; `person_id` is whom it resolves to now, None while nobody is found for it."""

    id: UUID
    institution_id: UUID
    number: str
    version: int
    kind: EncounterKind
    status: EncounterStatus
    patient_number: str | None
    person_id: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    department: Named | None
    practitioner: Named | None
    place: str | None
    told_at: datetime
    received_at: datetime
    at: datetime

    @property
    def list_place(self) -> Place:
        """Where it stands in lists."""
        return self.at, self.id


class Outcome(StrEnum):
    """What came of telling of a visit."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one telling; `id` and `version` of the visit as it stands, or the problem."""

    number: str
    outcome: Outcome
    id: UUID | None = None
    version: int | None = None
    problem: Problem | None = None


def encounter_id(institution_id: UUID, number: str) -> UUID:
    """Return the id of an institution's visit: it follows from both, so that one told of twice is one."""
    return UUID(bytes=sm3(b"encounter\0" + institution_id.bytes + number.encode())[:16], version=5)


def sealed_for(one_id: UUID, version: int) -> bytes:
    """Return the row a content is sealed for: its visit and version, so that a former one moves as it is."""
    return one_id.bytes + version.to_bytes(4)


def faults_of(item: EncounterIn) -> tuple[FieldFault, ...]:
    """Return what is wrong with one telling by itself."""
    faults = []
    if not _is_number(item.number):
        faults.append(FieldFault("#/number", "must have 1–64 printable characters", "应为 1–64 个可打印字符"))
    if item.patient_number is not None and not _is_number(item.patient_number):
        faults.append(FieldFault("#/patient_number", "must have 1–64 printable characters", "应为 1–64 个可打印字符"))
    if item.started_at and item.ended_at and item.ended_at < item.started_at:
        faults.append(FieldFault("#/ended_at", "must not come before the beginning", "不得早于开始时间"))
    texts = (
        item.place,
        *(text for one in (item.department, item.practitioner) if one for text in (one.code, one.name)),
    )
    if any(text is not None and len(text) > LONGEST_TEXT for text in texts):
        faults.append(
            FieldFault("#", f"texts have at most {LONGEST_TEXT} characters", f"文字最多 {LONGEST_TEXT} 个字符")
        )
    return tuple(faults)


def first_state(item: EncounterIn, now: datetime) -> State:
    """Return what is known of a visit never told of before."""
    content = Content(item.started_at, item.ended_at, item.department, item.practitioner, item.place)
    status = item.status or EncounterStatus.IN_PROGRESS
    state = State(
        item.kind or EncounterKind.OTHER, status, item.patient_number, item.person_id, content, item.told_at or now
    )
    return _settled(state)


def next_state(before: State, item: EncounterIn, now: datetime) -> State:
    """Return what is known of a visit after another telling of it."""
    told_at = item.told_at or now
    if item.whole and told_at >= before.told_at:
        whole = first_state(item, now)
        # Whose it is may be left out by a source that does not know it; nothing makes a visit nobody's.
        named = item.patient_number is not None or item.person_id is not None
        return whole if named else whole._replace(patient_number=before.patient_number, person_id=before.person_id)
    later = State(
        item.kind or "",
        item.status or "",
        item.patient_number,
        item.person_id,
        Content(item.started_at, item.ended_at, item.department, item.practitioner, item.place),
        told_at,
    )
    under, over = (before, later) if told_at >= before.told_at else (later, before)
    return _settled(_laid_over(under, over))


def _laid_over(under: State, over: State) -> State:
    pairs = zip(msgspec.structs.astuple(under.content), msgspec.structs.astuple(over.content), strict=True)
    content = Content(*(low if high is None else high for low, high in pairs))
    # A visit that goes on again, after its end or its cancelling was taken back, has no end but the one now told.
    if over.status not in ("", EncounterStatus.FINISHED, EncounterStatus.CANCELLED):
        content = msgspec.structs.replace(content, ended_at=over.content.ended_at)
    return State(
        over.kind or under.kind or EncounterKind.OTHER,
        over.status or under.status or EncounterStatus.IN_PROGRESS,
        over.patient_number or under.patient_number,
        over.person_id or under.person_id,
        content,
        max(under.told_at, over.told_at),
    )


def _settled(state: State) -> State:
    """Only what is over has an end; what ended before it was thought to begin began then."""
    content, over = state.content, (EncounterStatus.FINISHED, EncounterStatus.CANCELLED)
    if content.ended_at is not None and state.status not in over:
        content = msgspec.structs.replace(content, ended_at=None)
    if content.started_at and content.ended_at and content.ended_at < content.started_at:
        content = msgspec.structs.replace(content, started_at=content.ended_at)
    return state._replace(content=content)


def _is_number(text: str) -> bool:
    return 1 <= len(text) <= LONGEST_NUMBER and text.isprintable() and text == text.strip()
