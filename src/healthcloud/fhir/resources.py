"""The edge where resources are read and written: fhir.resources checks each against R4; no other file knows it."""

from collections.abc import Mapping
from typing import cast

import msgspec
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.parameters import Parameters
from fhir.resources.R4B.patient import Patient
from pydantic import BaseModel, ValidationError

from healthcloud.core.errors import FieldFault, Malformed, Unacceptable
from healthcloud.core.http.faults import pointer_to
from healthcloud.fhir.model import Resource

KINDS: Mapping[str, type[BaseModel]] = {
    "Bundle": Bundle,
    "CapabilityStatement": CapabilityStatement,
    "OperationOutcome": OperationOutcome,
    "Parameters": Parameters,
    "Patient": Patient,
}
_MOST_FAULTS = 20


def parse(body: bytes) -> object:
    """Read a body as JSON; raise Malformed. An empty body is None."""
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise Malformed(faults=(FieldFault("#", "is not JSON", "不是有效的 JSON"),)) from None


def read(kind: str, sent: object) -> Resource:
    """Return a resource of this kind after checking it; raise Malformed for something else, Unacceptable for faults."""
    if not isinstance(sent, dict) or sent.get("resourceType") != kind:
        raise Malformed(faults=(FieldFault("#/resourceType", f"must be {kind}", f"应为 {kind}"),))
    try:
        checked = KINDS[kind].model_validate(sent)
    except ValidationError as error:
        raise Unacceptable(faults=_faults(error)) from None
    except (ValueError, TypeError, AttributeError, KeyError):
        # Some of fhir.resources' own checks trip over what they did not foresee.
        raise Unacceptable(faults=(FieldFault("#", f"is no valid {kind}", f"不是有效的 {kind}"),)) from None
    return cast("Resource", checked.model_dump(mode="json"))


def write(resource: Resource) -> bytes:
    """Write a resource as JSON, checked: what is not valid FHIR does not leave."""
    return KINDS[str(resource["resourceType"])].model_validate(resource).model_dump_json().encode()


def _faults(error: ValidationError) -> tuple[FieldFault, ...]:
    found: dict[str, FieldFault] = {}
    for one in error.errors(include_input=False, include_url=False)[:_MOST_FAULTS]:
        place = pointer_to(("body", *one["loc"]))
        known = one["type"] == "extra_forbidden"
        en, zh = (
            ("is not an element of this type", "不是该类型的元素")
            if known
            else ("is not valid FHIR R4", "不符合 FHIR R4")
        )
        found.setdefault(place, FieldFault(place, en, zh))
    return tuple(found.values())
