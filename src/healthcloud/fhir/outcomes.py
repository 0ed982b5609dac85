"""OperationOutcome (FHIR R4, 2.35): every problem, in the words of FHIR and in both languages; pure."""

from healthcloud.core.errors import Problem
from healthcloud.fhir.model import Json, Resource

_OF_STATUS = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    409: "conflict",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    503: "transient",
}
_OF_CODE = {
    "fhir-search-not-possible": "not-supported",
    "fhir-parameter-not-possible": "not-supported",
    "fhir-identity-in-address": "security",
    "fhir-source-unknown": "code-invalid",
    "fhir-target-unknown": "code-invalid",
    "fhir-number-needed": "required",
    "fhir-number-taken": "duplicate",
    "fhir-several-match": "multiple-matches",
    "no-such-address": "not-supported",
}
# How PIXm (ITI-83, 2:3.83.4.2.2) words what it answers.
_DIAGNOSTICS = {
    "fhir-source-unknown": "sourceIdentifier Assigning Authority not found",
    "fhir-target-unknown": "targetSystem not found",
}
PROBLEMS = "urn:ietf:rfc:9457"  # the codes are those of this server's problems


def outcome_of(problem: Problem, request_id: str | None = None) -> Resource:
    """Tell a problem as an OperationOutcome: the first issue is the problem, each other a field's fault."""
    kind = _OF_CODE.get(problem.code) or _OF_STATUS.get(problem.status, "exception")
    severity = "fatal" if problem.status == Problem.status else "error"
    text = f"{problem.sentence} {problem.zh}"
    coding: Json = [{"system": PROBLEMS, "code": problem.code}]
    first: Resource = {"severity": severity, "code": kind, "details": {"coding": coding, "text": text}}
    diagnostics = _DIAGNOSTICS.get(problem.code) or problem.detail
    if diagnostics:
        first["diagnostics"] = diagnostics
    issues: list[Json] = [first]
    for fault in problem.faults:
        words = f"{fault.en}；{fault.zh}"
        place = expression_of(fault.pointer)
        issues.append(
            {"severity": "error", "code": kind, "details": {"text": f"{place}: {words}"}, "expression": [place]}
        )
    outcome: Resource = {"resourceType": "OperationOutcome", "issue": issues}
    if request_id:
        outcome["id"] = request_id
    return outcome


def expression_of(pointer: str) -> str:
    """Write a pointer of a fault as a FHIRPath: `#/name/0/given` as `Patient.name[0].given`."""
    where, *steps = pointer.split("/")
    path = "Patient" if where == "#" else where
    for step in steps:
        path += f"[{step}]" if step.isdecimal() else f".{step}"
    return path


def told(severity: str, code: str, text: str) -> Resource:
    """Say something that is no problem, as an entry of a searchset does."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": code, "details": {"text": text}}],
    }
