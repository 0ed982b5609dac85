"""Problems as FHIR clients read them, and what the OpenAPI document says of that."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from healthcloud.core.errors import Problem
from healthcloud.fhir.model import MEDIA_TYPE
from healthcloud.fhir.outcomes import outcome_of
from healthcloud.fhir.resources import write

_PROBLEM = "application/problem+json"


def tell_problem(_: Request, problem: Problem, request_id: str) -> Response:
    """Answer a problem as an OperationOutcome."""
    return Response(write(outcome_of(problem, request_id)), problem.status, media_type=MEDIA_TYPE)


def as_outcomes(operation: dict[str, Any]) -> None:
    """Have an operation of this face document its problems as the OperationOutcomes they leave as."""
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.pop(_PROBLEM, None) is not None:
            content[MEDIA_TYPE] = {
                "schema": {
                    "type": "object",
                    "required": ["resourceType", "issue"],
                    "properties": {"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array"}},
                }
            }
