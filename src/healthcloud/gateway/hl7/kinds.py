"""Which messages are taken, and what each event says of a visit. Pure; HL7 v2.5.1 chapters 3, 4, 7, 9, 10."""

from dataclasses import dataclass

from healthcloud import encounters
from healthcloud.gateway.hl7.errors import KindNotTaken
from healthcloud.gateway.hl7.reading import Message

Status = encounters.EncounterStatus


@dataclass(frozen=True, slots=True)
class Event:
    """What an ADT event says: a visit's `status` (None: as it was), if it is of one; or that two numbers are one's."""

    status: Status | None = None
    of_visit: bool = False
    joins: bool = False


# HL7/v2-to-fhir, message maps of ADT: Encounter.status by event.
EVENTS = {
    "A01": Event(Status.IN_PROGRESS, of_visit=True),  # admission 入院
    "A02": Event(of_visit=True),  # transfer 转科
    "A03": Event(Status.FINISHED, of_visit=True),  # discharge, end of visit 出院
    "A04": Event(Status.ARRIVED, of_visit=True),  # registration 挂号
    "A05": Event(Status.PLANNED, of_visit=True),  # pre-admission 预住院
    "A06": Event(Status.IN_PROGRESS, of_visit=True),  # outpatient to inpatient 门诊转住院
    "A07": Event(Status.IN_PROGRESS, of_visit=True),  # inpatient to outpatient
    "A08": Event(of_visit=True),  # update 更新
    "A11": Event(Status.CANCELLED, of_visit=True),  # cancel admission, registration 退号
    "A12": Event(of_visit=True),  # cancel transfer
    "A13": Event(Status.IN_PROGRESS, of_visit=True),  # cancel discharge 取消出院
    "A28": Event(),  # add person 建档
    "A31": Event(),  # update person
    "A38": Event(Status.CANCELLED, of_visit=True),  # cancel pre-admission
    "A40": Event(joins=True),  # two of the hospital's numbers are one patient 患者号合并
    "A47": Event(joins=True),  # a patient has another number 患者号变更
}

# Kept until their feature is there, with the segment without which they say nothing.
HELD = {"SIU": "SCH", "ORU": "OBR", "ORM": "ORC", "MDM": "TXA"}


def event_of(message: Message) -> Event | None:
    """Return what an ADT message says; None for one that is kept; raise KindNotTaken."""
    if message.code in HELD:
        return None
    event = EVENTS.get(message.event) if message.code == "ADT" else None
    if event is None:
        raise KindNotTaken(kind=message.kind[:32])
    return event
