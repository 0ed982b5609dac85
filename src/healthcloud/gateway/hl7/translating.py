"""A message to what is to be done for it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from healthcloud import encounters, index
from healthcloud.core.errors import FieldFault, Problem
from healthcloud.gateway.hl7.errors import FieldWrong
from healthcloud.gateway.hl7.kinds import HELD, event_of
from healthcloud.gateway.hl7.patients import Ours, patient_number_of, record_of
from healthcloud.gateway.hl7.reading import Message, Segment
from healthcloud.gateway.hl7.visits import told_at, visit_of


@dataclass(frozen=True, slots=True)
class Deed:
    """
    What a message asks for.

    A record of its patient; a visit; that `joined`, another number, is the same patient; or to be kept as a `held`
    kind of message, about the patient of that number where one is named.
    """

    record: index.RecordIn | None = None
    visit: encounters.EncounterIn | None = None
    joined: str | None = None
    held: str | None = None
    patient_number: str | None = None
    told_at: datetime | None = None


def deed_of(message: Message, ours: Ours) -> Deed:
    """Return what a message asks for; raise what is wrong with it."""
    event = event_of(message)
    pid = _needed(message, "PID")
    if event is None:
        _needed(message, HELD[message.code])
        return Deed(held=message.kind, patient_number=patient_number_of(pid), told_at=told_at(message))
    record = record_of(pid, ours)
    visit = visit_of(message, event, record.number, ours) if event.of_visit else None
    if visit is not None and (faults := encounters.faults_of(visit)):
        raise encounters.EncounterUnreadable(faults=faults)
    joined = _joined(message) if event.joins else None
    return Deed(record, visit, joined, patient_number=record.number, told_at=told_at(message))


def patient_key(message: Message) -> str:
    """Return by what messages about one patient are told, so that they are carried out one after the other."""
    pid = message.first("PID")
    try:
        return patient_number_of(pid) if pid is not None else message.control_id
    except Problem:
        return message.control_id


def _joined(message: Message) -> str:
    mrg = _needed(message, "MRG")
    number = mrg.get(1) or mrg.get(4)
    if not number:
        raise FieldWrong(faults=(FieldFault("MRG-1", "is required: the number given up", "必填：被合并的患者号"),))
    return number


def _needed(message: Message, name: str) -> Segment:
    found = message.first(name)
    if found is None:
        raise FieldWrong(faults=(FieldFault(name, "this segment is required", "缺少该段"),))
    return found
