"""Organization, Location and Practitioner (FHIR R4, 8.6, 8.7, 8.4) of what institutions are, which is public; pure."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import institutions
from healthcloud.fhir.listing import coding, stamped
from healthcloud.fhir.model import Json, Resource
from healthcloud.fhir.systems import (
    IDENTIFIER_TYPE,
    INSTITUTION_CLASS,
    LICENCE,
    NUMBERS,
    STANDARD_DEPARTMENT,
    TERMINAL_KIND,
    TITLES,
    UUIDS,
    urn,
)


def organization_of(one: institutions.Institution, numbers: Sequence[institutions.OutsideNumber]) -> Resource:
    """Write an institution, with every number others know it by."""
    outside: list[Json] = [{"system": NUMBERS[number.kind], "value": number.number} for number in numbers]
    own: Json = {"use": "official", "system": UUIDS, "value": urn(one.id)}
    return stamped(
        {
            "resourceType": "Organization",
            "id": str(one.id),
            "identifier": [own, *outside],
            "active": one.state == "open",
            "type": [coding(INSTITUTION_CLASS, one.class_code)],
            "name": one.name,
            "alias": [one.short_name] if one.short_name else None,
            "telecom": [{"system": "phone", "value": one.phone}] if one.phone else None,
            "address": [{"text": one.address, "country": "CHN"}] if one.address else None,
            "partOf": {"reference": f"Organization/{one.parent_id}"} if one.parent_id else None,
        }
    )


def location_of_department(one: institutions.departments.Department) -> Resource:
    """Write a department; its identifier is the institution's own code."""
    return stamped(
        {
            "resourceType": "Location",
            "id": str(one.id),
            "identifier": [{"system": urn(one.institution_id), "value": one.code}],
            "status": "active" if one.state == "open" else "inactive",
            "name": one.name,
            "mode": "instance",
            "type": [coding(STANDARD_DEPARTMENT, one.standard_code)] if one.standard_code else None,
            "managingOrganization": {"reference": f"Organization/{one.institution_id}"},
        }
    )


def location_of_terminal(one: institutions.Terminal) -> Resource:
    """Write a terminal: a place where codes are scanned, part of its department."""
    return stamped(
        {
            "resourceType": "Location",
            "id": str(one.id),
            "status": "active" if one.is_active else "inactive",
            "name": one.name,
            "mode": "instance",
            "type": [coding(TERMINAL_KIND, one.kind)],
            "managingOrganization": {"reference": f"Organization/{one.institution_id}"},
            "partOf": {"reference": f"Location/{one.department_id}"} if one.department_id else None,
        }
    )


def practitioner_of(
    one: institutions.practitioners.Practitioner, posts: Sequence[tuple[UUID, str]], *, works: bool = True
) -> Resource:
    """Write a practitioner by the name they practise under; `posts` are institutions with the staff number there."""
    numbers: list[Json] = [
        {"type": coding(IDENTIFIER_TYPE, "EI"), "system": urn(institution_id), "value": number}
        for institution_id, number in posts
    ]
    licence: list[Json] = [{"use": "official", "system": LICENCE, "value": one.licence_number}]
    return stamped(
        {
            "resourceType": "Practitioner",
            "id": str(one.id),
            "identifier": [*(licence if one.licence_number else []), *numbers],
            "active": works,
            "name": [{"use": "official", "text": one.name}],
            "qualification": [{"code": coding(TITLES, one.title_code)}] if one.title_code else None,
        }
    )
