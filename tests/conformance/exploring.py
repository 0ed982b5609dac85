"""Explore an interface as its OpenAPI document tells it: boundary and random requests, answers held to the document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import schemathesis
from schemathesis import HookContext
from schemathesis.engine import events, from_schema

CHECKS_LEFT_OUT = (
    "ignored_auth",  # test_who_may asks that, of every operation
    "use_after_free",  # needs operations linked by state
    "ensure_resource_availability",  # the same
    "positive_data_acceptance",  # a well-formed code, card or number is still unknown here
)
# A connection's own headers are the client's to write: one invented (`transfer-encoding: gvyf`) is no HTTP, which
# tests/server/test_lean.py answers for.
HEADERS_OF_THE_CONNECTION = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
)


def reachable(document: Mapping[str, Any], scopes: frozenset[str]) -> list[str]:
    """Return the operations that a caller with these scopes may ask for; without scopes, those that need none."""
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    return [
        str(one["operationId"])
        for one in operations
        if (not scopes.isdisjoint(one.get("x-scopes", ())) if scopes else not one.get("x-scopes"))
    ]


def faults(
    document: Mapping[str, Any],
    operations: Sequence[str],
    url: str,
    headers: Mapping[str, str],
    known: Mapping[str, Sequence[str]],
    *,
    random: int,
) -> list[str]:
    """
    Send boundary cases and so many random requests of each operation, and return what was not as the document says.

    `known` holds values that exist for parameters (`path.client_id`) and fields (`body.code`); most requests use them.
    """
    names = {name: name.replace(".", "-").replace("_", "-") for name in known}
    config = schemathesis.Config.from_dict(
        {
            "base-url": url,
            "headers": dict(headers),
            "continue-on-failure": True,
            "generation": {
                "max-examples": max(random, 1),
                "deterministic": True,
                "no-shrink": True,
                "database": "none",
                "with-security-parameters": False,  # a made-up cookie is refused as cross-site, before all else
            },
            "phases": {"stateful": {"enabled": False}, "fuzzing": {"enabled": random > 0}},
            "checks": {name: {"enabled": False} for name in CHECKS_LEFT_OUT},
            "dictionaries": {names[name]: {"values": list(values)} for name, values in known.items()},
            "parameters": {name: {"dictionary": names[name], "probability": 0.8} for name in known},
        }
    )
    schema = schemathesis.openapi.from_dict(dict(document), config=config).include(operation_id=list(operations))
    return list(_told(from_schema(schema).execute()))


@schemathesis.hook("before_call")
def _leave_the_connection(_context: HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]) -> None:
    for name in HEADERS_OF_THE_CONNECTION:
        case.headers.pop(name, None)


def _told(stream: Iterator[events.EngineEvent]) -> Iterator[str]:
    asked = 0
    for event in stream:
        if isinstance(event, events.NonFatalError):
            yield f"{event.label}: {event.value!r}"
        elif isinstance(event, events.FatalError):
            yield repr(event.exception)
        elif isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.interactions)
            yield from {
                f"{event.label}: {check.failure_info.failure.title}: {check.failure_info.failure.message} "
                f"[{check.failure_info.code_sample}]"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info is not None
            }
    if asked == 0:
        yield "nothing was asked"
