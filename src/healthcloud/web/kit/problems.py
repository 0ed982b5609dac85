"""A problem told to a person: what happened, what to do, and the number by which it is found again."""

from http import HTTPMethod

from fastapi import Request
from starlette.responses import HTMLResponse

from healthcloud.core.errors import Problem, TooMany, Unavailable
from healthcloud.web.display import display_of
from healthcloud.web.page import LANGUAGE_COOKIE, page, words_of

PASSING = (Problem.status, TooMany.status, Unavailable.status)  # asked again later, these may be over


def problem_page(request: Request, problem: Problem, request_id: str) -> HTMLResponse:
    """Return the page of a problem that was met on the way to another page."""
    words = words_of(request)
    return page(
        request,
        "kit/problem.html",
        status=problem.status,
        sentence=words.problem(problem),
        problem=problem,
        request_id=request_id,
        again=request.url.path if request.method == "GET" and problem.status in PASSING else "",
    )


def busy_page(language: str, seconds: int, request_id: str, again: str) -> str:
    """Return the page of whoever is told to come again after `seconds`, for a process too full to make it then."""
    cookie = f"{LANGUAGE_COOKIE}={language}".encode()
    scope = {
        "type": "http",
        "method": HTTPMethod.GET,
        "path": again,
        "query_string": b"",
        "headers": [(b"cookie", cookie)],
    }
    made = problem_page(Request(scope), Unavailable(retry_after=seconds), request_id)
    return bytes(made.body).decode()


def explanation(request: Request, kind: type[Problem]) -> HTMLResponse:
    """Return the page that says what a problem means, for whoever looks its code up."""
    return page(request, "kit/explanation.html", problem=kind())


def api_reference(request: Request) -> HTMLResponse:
    """Return Swagger UI, served from here and from nowhere else."""
    # Swagger UI has colours of its own, made for a light page.
    return page(request, "kit/docs.html", display=display_of(request).changed(None, "light"))
