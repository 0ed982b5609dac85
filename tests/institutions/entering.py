"""Invented institutions with valid numbers, and who may enter them."""

from itertools import count
from uuid import UUID

from healthcloud import institutions
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud.institutions.numbers.model import organisation_check, uscc_check

_numbers = count(1)
MANAGER = Caller(CallerKind.STAFF, new_id(), frozenset({"institutions.manage"}))


def organisation_number() -> str:
    body = f"TEM{next(_numbers):05d}"
    return body + organisation_check(body)


def uscc() -> str:
    body = "12370402" + organisation_number()
    return body + uscc_check(body)


def ws218() -> str:
    return organisation_number() + "37040211A1001"


def wish(*numbers: tuple[str, str], name: str = "演示医院（演示）", **said: object) -> institutions.InstitutionWish:
    particulars = {
        "name": name,
        "class_code": "A100",
        "ownership_code": "1",
        "district_code": "370402",
        "street_code": "370402004",
        "level_code": "32",
    } | said
    return institutions.InstitutionWish(
        institutions.Particulars(**particulars),  # type: ignore[arg-type]  # a test's own words
        tuple(institutions.OutsideNumber(institutions.NumberKind(kind), number) for kind, number in numbers),
    )


def staff_of(institution_id: UUID) -> Caller:
    return Caller(CallerKind.STAFF, new_id(), frozenset({"institutions.manage"}), institution_id=institution_id)
