"""Every error leaves as an RFC 9457 problem, in both languages, whoever raised it."""

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from healthcloud.core.errors import FieldFault, Forbidden, Malformed, Problem, Unacceptable, Unauthenticated
from healthcloud.core.http.errors import BodyTooLarge, MediaTypeNotAccepted, MethodNotAllowed, NoSuchAddress
from healthcloud.core.http.faults import faults_of
from healthcloud.core.http.headers import headers_of
from healthcloud.core.http.visit import visit_of

MEDIA_TYPE = "application/problem+json"
# How a page tells a problem, in the application's state; nothing there, and everybody gets JSON.
PROBLEM_PAGE = "problem_page"
# How other faces than our own tell a problem, by the beginning of their addresses: also in the application's state.
PROBLEM_FACES = "problem_faces"
_log = structlog.get_logger("healthcloud.http")
_OF_STATUS: dict[int, type[Problem]] = {
    400: Malformed,
    401: Unauthenticated,
    403: Forbidden,
    404: NoSuchAddress,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: MediaTypeNotAccepted,
    422: Unacceptable,
}


def problem_headers(problem: Problem) -> dict[str, str]:
    """Return the headers a problem travels with."""
    headers = {"Content-Type": MEDIA_TYPE, "Content-Language": "zh-CN, en", "Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == Unauthenticated.status:
        headers["WWW-Authenticate"] = 'HC1-HMAC-SM3 realm="healthcloud"'
    allow = problem.facts.get("allow")
    if allow is not None:
        headers["Allow"] = str(allow)
    return headers


def problem_body(problem: Problem, request_id: str) -> bytes:
    """Return a problem as JSON, with the id that finds it in the log."""
    return msgspec.json.encode(problem.body() | {"request_id": request_id})


def problem_response(problem: Problem, request_id: str) -> Response:
    """Return a problem as a response."""
    return Response(problem_body(problem, request_id), problem.status, headers=problem_headers(problem))


def told_problem(scope: Scope, problem: Problem, request_id: str) -> Response:
    """Return a problem to whoever asked: as a page to a browser that asked for one, else as JSON."""
    state = scope["app"].state
    page = getattr(state, PROBLEM_PAGE, None) if _wants_page(scope) else None
    for beginning, face in getattr(state, PROBLEM_FACES, {}).items():
        page = face if scope["path"].startswith(beginning) else page
    if page is None:
        return problem_response(problem, request_id)
    try:
        response: Response = page(Request(scope), problem, request_id)
    except Exception as error:  # noqa: BLE001 - a page that cannot be made must not hide what happened
        _log.error("unhandled", request_id=request_id, exc_info=error)
        return problem_response(problem, request_id)
    for name, value in problem_headers(problem).items():
        response.headers.setdefault(name, value)
    return response


def _wants_page(scope: Scope) -> bool:
    path: str = scope["path"]
    return not path.startswith("/api/") and "text/html" in headers_of(scope).get("accept", "")


async def answer_problem(request: Request, problem: Exception) -> Response:
    """Answer a Problem that a route raised."""
    if not isinstance(problem, Problem):
        raise problem
    visit = visit_of(request.scope)
    visit.code = problem.code
    return told_problem(request.scope, problem, visit.request_id)


async def answer_invalid(request: Request, error: Exception) -> Response:
    """Answer FastAPI's validation error: 400 when the body is not JSON, else 422 with each field's fault."""
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        fault = FieldFault("#", "is not JSON", "不是有效的 JSON")
        return await answer_problem(request, Malformed(faults=(fault,)))
    return await answer_problem(request, Unacceptable(faults=faults_of(errors)))


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the router or the framework raised: no such address, method, or unreadable body."""
    if not isinstance(error, HTTPException):
        raise error
    kind = _OF_STATUS.get(error.status_code, Malformed if error.status_code < 500 else Problem)  # noqa: PLR2004 - HTTP
    return await answer_problem(request, kind(allow=_allowed(request)) if kind is MethodNotAllowed else kind())


def _allowed(request: Request) -> str:
    """Return every method of this address: the router names those of the first route it met."""
    contexts = iter_route_contexts(request.app.routes)
    here = (one for one in contexts if one.methods and one.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted(method for one in here for method in one.methods or ()))


def internal_error(error: Exception, request_id: str) -> Problem:
    """Log what nobody foresaw, without data, and return the problem that is answered in its place."""
    _log.error("unhandled", request_id=request_id, exc_info=error)
    return Problem()


def install_problem_handlers(app: FastAPI) -> None:
    """Have this application answer each of them."""
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http_exception)
