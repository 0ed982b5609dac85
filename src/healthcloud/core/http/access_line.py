"""One line and one measurement per request: the route's template, never the path, which may name somebody."""

import structlog
from starlette.types import Scope

from healthcloud.core.http.visit import Visit
from healthcloud.core.metrics import PROBLEMS, REQUEST_SECONDS, REQUESTS

_log = structlog.get_logger("healthcloud.access")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def write_access_line(scope: Scope, visit: Visit, status: int | None, seconds: float) -> None:
    """Write it; a status of None is a client that left before an answer."""
    caller, route = visit.caller, template_of(scope)
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if visit.code is not None:
        PROBLEMS.labels(visit.code).inc()
    _log.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        request_id=visit.request_id,
        problem=visit.code,
        caller=None if caller is None else caller.kind.value,
        caller_id=None if caller is None else str(caller.account_id),
    )


def template_of(scope: Scope) -> str:
    """Return the route's template, as `/api/v1/cards/{card_id}`; `unmatched` when no route took the request."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    template = getattr(context, "path_format", None) or getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) else "unmatched"
