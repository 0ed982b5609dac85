"""PV1 to a visit (HL7/v2-to-fhir, segment map PV1 to Encounter). Pure."""

from datetime import datetime

from healthcloud import encounters
from healthcloud.core.errors import FieldFault
from healthcloud.gateway.hl7.errors import FieldWrong
from healthcloud.gateway.hl7.kinds import Event
from healthcloud.gateway.hl7.patients import Ours
from healthcloud.gateway.hl7.reading import Message, Segment, read_time

Kind = encounters.EncounterKind
# Table 0004; B obstetrics, P pre-admission, R recurring. What else there is goes by the institution's dictionary.
_CLASSES = {
    "I": Kind.INPATIENT,
    "B": Kind.INPATIENT,
    "P": Kind.INPATIENT,
    "O": Kind.OUTPATIENT,
    "R": Kind.OUTPATIENT,
    "E": Kind.EMERGENCY,
}
_LONGEST = 200


def told_at(message: Message) -> datetime | None:
    """Return when the sender wrote this down: EVN-2, else MSH-7."""
    evn = message.first("EVN")
    return (read_time(evn.get(2)) if evn else None) or read_time(message.header.get(7))


def visit_of(message: Message, event: Event, patient_number: str, ours: Ours) -> encounters.EncounterIn | None:
    """Return what an ADT message says of a visit; None where it names none. Raises FieldWrong."""
    pv1 = message.first("PV1")
    number = "" if pv1 is None else pv1.get(19) or pv1.get(50)
    if pv1 is None or not number:
        return None
    ended_at = _time(pv1, 45)
    status = event.status
    if status is None and ended_at is not None:
        status = encounters.EncounterStatus.FINISHED
    if status is encounters.EncounterStatus.FINISHED and ended_at is None:
        ended_at = told_at(message)
    department = _named(pv1.get(10) or pv1.get(3, 1), pv1.get(3, 9) or pv1.get(10, 2))
    return encounters.EncounterIn(
        number=number,
        kind=_kind(pv1, ours),
        status=status,
        patient_number=patient_number,
        started_at=_time(pv1, 44),
        ended_at=ended_at,
        department=department,
        practitioner=_practitioner(pv1, 7) or _practitioner(pv1, 17),
        place=" ".join(part for part in (pv1.get(3, 1), pv1.get(3, 2), pv1.get(3, 3)) if part)[:_LONGEST] or None,
        told_at=told_at(message),
    )


def _kind(pv1: Segment, ours: Ours) -> encounters.EncounterKind | None:
    written = pv1.get(2)
    if not written:
        return None
    return _CLASSES.get(written.upper()) or Kind(ours("visit-type", written) or Kind.OTHER)


def _time(pv1: Segment, field: int) -> datetime | None:
    text = pv1.get(field)
    found = read_time(text) if text else None
    if text and found is None:
        fault = FieldFault(f"PV1-{field}", "must be a date and time, YYYYMMDDHHMMSS", "应为日期时间 YYYYMMDDHHMMSS")
        raise FieldWrong(faults=(fault,))
    return found


def _practitioner(pv1: Segment, field: int) -> encounters.Named | None:
    """Return who treats (XCN): id, family, given; a name in characters is written without a blank."""
    family, given = pv1.get(field, 2), pv1.get(field, 3)
    name = f"{family} {given}".strip() if (family + given).isascii() else family + given
    return _named(pv1.get(field, 1), name)


def _named(code: str, name: str) -> encounters.Named | None:
    return encounters.Named(code[:_LONGEST] or None, name[:_LONGEST] or None) if code or name else None
