"""The API's own pages: Swagger UI at /docs, served from here and from nowhere else, and what each problem means."""

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from healthcloud import web
from healthcloud.core.errors import NotFound
from healthcloud.core.http import needs_nothing, problems
from healthcloud.server.catalogue import every_problem

router = APIRouter(tags=["operations"])


@router.get("/docs", include_in_schema=False, dependencies=[needs_nothing("the API's documentation is public")])
async def docs(request: Request) -> Response:
    """Show Swagger UI."""
    return web.api_reference(request)


@router.get(
    "/problems/{code}",
    response_model=None,
    responses={**problems(NotFound), 200: {"content": {"text/html": {}}}},
    dependencies=[needs_nothing("whoever met a problem may read what it means")],
)
async def problem(code: str, request: Request) -> Response:
    """Explain a problem: a page for people, JSON for whoever accepts that."""
    kind = next((one for one in every_problem() if one.code == code), None)
    if kind is None:
        raise NotFound
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(kind().body())
    return web.explanation(request, kind)
