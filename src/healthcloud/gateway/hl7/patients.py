"""
PID to a record of the person index (HL7/v2-to-fhir, segment map PID to Patient). Pure.

A patient number is the repetition of PID-3 whose type is PI, MR, PT or PN, else the first that is no identity document;
a document is one of type NI, NNxxx or PPN, or of whatever the institution's dictionary knows, else PID-19.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from healthcloud import index
from healthcloud.core.errors import FieldFault
from healthcloud.gateway.hl7.errors import FieldWrong
from healthcloud.gateway.hl7.reading import Segment

Ours: TypeAlias = Callable[[str, str], str | None]  # an institution's dictionaries: set, its value → our code, if known

RESIDENT, PASSPORT = "01", "03"
_NUMBER_TYPES = ("PI", "MR", "PT", "PN")
_RESIDENT_TYPES = ("NI", "NN", "NNCHN", "SS")
_NATIONAL = re.compile(r"NN([A-Z]{3})")
# Table 0001; 1, 2, 男 and the like are known to the dictionaries, what nobody knows is unstated.
_SEXES = {"M": "1", "F": "2", "U": "0", "O": "9", "A": "9", "N": "9"}
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_PATIENT_NUMBER = FieldFault("PID-3", "is required: your patient number", "必填：患者号")


def patient_number_of(pid: Segment) -> str:
    """Return the institution's number of a patient; raise FieldWrong without one."""
    numbers = [(pid.part(one, 1), pid.part(one, 5).upper()) for one in pid.repetitions(3)]
    for wanted in _NUMBER_TYPES:
        for number, kind in numbers:
            if number and kind == wanted:
                return number
    plain = [number for number, kind in numbers if number and not _is_document(kind)]
    found = plain[0] if plain else pid.get(2)
    if not found:
        raise FieldWrong(faults=(_PATIENT_NUMBER,))
    return found


def record_of(pid: Segment, ours: Ours) -> index.RecordIn:
    """Return what a PID says of a patient, as the index takes it."""
    kind, number, issuer = _document(pid, ours)
    sex = pid.get(8)
    born = pid.get(7)
    written = index.Written(
        name=_name(pid),
        sex=_SEXES.get(sex.upper()) or ours("sex", sex) or ("9" if sex else None),
        birth_date=born[:8] if born[:8].isdecimal() else born or None,
        document_kind=kind,
        number=number,
        phone=_phone(pid, 13) or _phone(pid, 40) or _phone(pid, 14),
        address=_address(pid),
        ethnicity=_coded(pid, 22, "ethnic-group", ours),
        nationality=_coded(pid, 28, "country", ours) or _coded(pid, 26, "country", ours),
        issuer=issuer,
    )
    return index.RecordIn(patient_number_of(pid), written)


def _is_document(kind: str) -> bool:
    return kind in _RESIDENT_TYPES or kind == "PPN" or _NATIONAL.fullmatch(kind) is not None


def _document(pid: Segment, ours: Ours) -> tuple[str | None, str | None, str | None]:
    """Return kind, number and, of a passport, issuer of the best document a PID names."""
    found: list[tuple[int, str, str, str | None]] = []
    for one in pid.repetitions(3):
        number, kind = pid.part(one, 1), pid.part(one, 5).upper()
        if not number or not kind or kind in (*_NUMBER_TYPES, "VN", "AN"):
            continue
        if kind in _RESIDENT_TYPES:
            found.append((0, RESIDENT, number, None))
        elif kind == "PPN" or _NATIONAL.fullmatch(kind):
            issuer = pid.part(one, 4).upper()
            national = _NATIONAL.fullmatch(kind)
            country = national[1] if national else issuer if len(issuer) == 3 else None  # noqa: PLR2004 - alpha-3
            found.append((1, PASSPORT, number, country))
        elif (code := ours("identity-document-kind", kind)) is not None:
            found.append((0 if code == RESIDENT else 2, code, number, None))
    social = pid.get(19)
    if social:
        found.append((3, RESIDENT, social, None))
    best = min(found, default=None, key=lambda one: one[0])
    return (None, None, None) if best is None else (best[1], best[2], best[3])


def _name(pid: Segment) -> str | None:
    """Return the name to be matched: of several that in characters, else the legal one, else the first."""
    names = [one for one in pid.repetitions(5) if pid.part(one, 1) or pid.part(one, 2)]
    if not names:
        return None
    best = min(names, key=lambda one: (not _HAN.search(one), pid.part(one, 7).upper() != "L"))
    family, given = pid.part(best, 1), pid.part(best, 2)
    if _HAN.search(family + given):
        return given if given.startswith(family) else family + given
    return " ".join(part for part in (family, given, pid.part(best, 3)) if part)


def _phone(pid: Segment, field: int) -> str | None:
    for one in pid.repetitions(field):
        number = pid.part(one, 12) or pid.part(one, 1) or pid.part(one, 6) + pid.part(one, 7)
        if number:
            return number
    return None


def _address(pid: Segment) -> str | None:
    """Return an address as it is written here: province, city, county, street."""
    for one in pid.repetitions(11):
        street, other, city, state, county = (pid.part(one, at) for at in (1, 2, 3, 4, 9))
        text = "".join(part for part in (state, city, county) if part not in street) + street + other
        if text:
            return text
    return None


def _coded(pid: Segment, field: int, dictionary: str, ours: Ours) -> str | None:
    """Return our code of a coded field (CWE): by its code, else by its words; what is not known is left out."""
    for component in (1, 2):
        value = pid.get(field, component)
        code = ours(dictionary, value) if value else None
        if code is not None:
            return code
    return None
