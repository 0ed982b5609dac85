"""The edge where resources are read and written: fhir.resources checks each against R4; no other file knows it."""

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

import msgspec
from pydantic import BaseModel, ValidationError

from healthcloud.core.errors import FieldFault, Malformed, Unacceptable
from healthcloud.core.http.faults import pointer_to
from healthcloud.fhir.model import Resource

_NAMES = (
    *("Bundle", "CapabilityStatement", "Encounter", "Location", "OperationOutcome", "Organization", "Parameters"),
    *("Patient", "Practitioner", "Subscription"),
)


@cache
def _model(kind: str) -> type[BaseModel]:
    """
    Load a model at its first use: together they cost a process 0.2 s and 28 MB.

    Only workers that serve FHIR pay, and neither the command line nor a restart waits for them.
    """
    module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
    return cast("type[BaseModel]", getattr(module, kind))


class _Kinds(Mapping[str, type[BaseModel]]):
    """The resources this face reads and writes."""

    def __getitem__(self, kind: str) -> type[BaseModel]:
        if kind not in _NAMES:
            raise KeyError(kind)
        return _model(kind)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


KINDS: Mapping[str, type[BaseModel]] = _Kinds()
_MOST_FAULTS = 20
_USUAL = "Patient"  # what `#` stands for, where an outcome names a place


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
        raise Unacceptable(faults=_faults(kind, error)) from None
    except (ValueError, TypeError, AttributeError, KeyError):
        # Some of fhir.resources' own checks trip over what they did not foresee.
        raise Unacceptable(faults=(FieldFault(kind, f"is no valid {kind}", f"不是有效的 {kind}"),)) from None
    return cast("Resource", checked.model_dump(mode="json"))


def write(resource: Resource) -> bytes:
    """Write a resource as JSON, checked: what is not valid FHIR does not leave."""
    return KINDS[str(resource["resourceType"])].model_validate(resource).model_dump_json().encode()


def _faults(kind: str, error: ValidationError) -> tuple[FieldFault, ...]:
    found: dict[str, FieldFault] = {}
    for one in error.errors(include_input=False, include_url=False)[:_MOST_FAULTS]:
        place = pointer_to(("body", *one["loc"]))
        place = place if kind == _USUAL else kind + place.removeprefix("#")
        known = one["type"] == "extra_forbidden"
        en, zh = (
            ("is not an element of this type", "不是该类型的元素")
            if known
            else ("is not valid FHIR R4", "不符合 FHIR R4")
        )
        found.setdefault(place, FieldFault(place, en, zh))
    return tuple(found.values())
