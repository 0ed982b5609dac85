"""What can be asked about one's own data. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.people.reading import read_evidence

CORRECTABLE = ("name", "number", "sex", "birth-date", "nationality", "ethnicity")
WHOLE = "account"
MOST_OPEN = 10
ASKED, ANSWERED = b"asked", b"answered"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class RequestKind(StrEnum):
    """What is asked."""

    CORRECTION = "correction"  # 更正; the subject is a field
    OBJECTION = "objection"  # 异议: why was this done; the subject is a deed's id
    CLOSING = "closing"  # 注销: everything that the law lets go is to end


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: of which field or deed, and why, without names and numbers."""

    kind: RequestKind
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its person reads it; `ticket` is what they say at a counter."""

    person_id: UUID
    id: UUID
    kind: RequestKind
    subject: str
    text: str
    asked_at: datetime
    state: RequestState
    closed_at: datetime | None
    institution_id: UUID | None
    answer: str | None

    @property
    def ticket(self) -> str:
        """Eight signs from the random end of the id."""
        return ticket_of(self.id)


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """An open request as staff see it: whose by an opaque id, what, since when, and the words."""

    person_id: UUID
    id: UUID
    ticket: str
    kind: RequestKind
    subject: str
    text: str
    asked_at: datetime


def ticket_of(request_id: UUID) -> str:
    """Return the eight signs people say: AB12-CD34."""
    digits = request_id.hex[-8:].upper()
    return f"{digits[:4]}-{digits[4:]}"


def read_asked(kind: str, subject: str, text: str) -> Asked:
    """Check what is asked; raise Unacceptable with every fault."""
    faults: list[FieldFault] = []
    known = {
        RequestKind.CORRECTION: subject in CORRECTABLE,
        RequestKind.OBJECTION: bool(_UUID.fullmatch(subject)),
        RequestKind.CLOSING: subject == WHOLE,
    }
    if kind not in list(RequestKind):
        faults.append(FieldFault("#/kind", f"must be one of {', '.join(RequestKind)}", "请求类型不正确"))
    elif not known[RequestKind(kind)]:
        faults.append(FieldFault("#/subject", "says of nothing that can be asked about", "请选择事项"))
    told = ""
    try:
        told = read_evidence(text, "text")
    except Unacceptable as broken:
        faults += broken.faults
    if faults:
        raise Unacceptable(faults=tuple(faults))
    return Asked(RequestKind(kind), subject, told)
