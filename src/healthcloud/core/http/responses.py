"""A route's problems, for OpenAPI: `responses=problems(SessionFull, AlreadyBooked)`."""

from typing import Any

from healthcloud.core.errors import Problem
from healthcloud.core.http.answers import MEDIA_TYPE

# The extension member that lists the codes a status may carry; the surface guard and OpenAPI's readers use it.
CODES = "x-problem-codes"


def problems(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return what FastAPI's `responses` takes: per status the sentences in both languages and an example each."""
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: described(same) for status, same in by_status.items()}


def described(kinds: list[type[Problem]]) -> dict[str, Any]:
    """Describe the problems of one status as one OpenAPI response."""
    return {
        "description": "\n\n".join(f"`{kind.code}`: {kind().sentence} {kind.zh}" for kind in kinds),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"summary": kind.zh, "value": kind().body()} for kind in kinds},
            }
        },
        CODES: [kind.code for kind in kinds],
    }
