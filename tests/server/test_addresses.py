"""An address is answered by the same route whether all are asked or only those that begin like it."""

from typing import Any, cast

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from fixtures.callers import Gullible
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from healthcloud.core.settings import Settings
from healthcloud.server.addresses import ByBeginning, beginning_of
from healthcloud.server.app import create_app


async def told(app: Any, method: str, path: str) -> tuple[str, object]:
    """Return which route was chosen for a request, or why none was."""
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    chosen: list[object] = []

    async def send(message: Any) -> None:
        chosen.append(message.get("status"))

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 - routes fail without their city; which one was chosen is the question
        chosen.append(type(error).__name__)
    return str(scope.get("path_params")), (getattr(scope.get("endpoint"), "__qualname__", None), chosen[:1])


def test_no_route_of_the_city_is_lost() -> None:
    router = create_app(Settings(), cast("Any", object()), Gullible()).api.router
    parts = ByBeginning(router)._parts
    for route in router.routes:
        for one in iter_route_contexts([route]):
            assert one.path is not None
            assert route in parts[beginning_of(one.path)].routes, one.path
    assert max(len(part.routes) for part in parts.values()) < len(router.routes) / 2
    for part in parts.values():
        places = [router.routes.index(route) for route in part.routes]
        assert places == sorted(places), "tried in the order they stand in"


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "/a/", "/a/1", "/a/1/b", "/b", "/b/1", "/other/x", "/other", "//a", "/console", "/console/a",
     "/console/a/1", "/console/z", "/api", "/api/v1", "/api/v1/", "/api/v1/a", "/api/v1/a/1", "/api/v1/z", "/static/x",
     "/%61", "/é"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_the_same_route_answers(method: str, path: str) -> None:
    router = APIRouter(redirect_slashes=False)

    def served(path: str, *methods: str) -> None:
        async def answer(request: Request) -> PlainTextResponse:
            return PlainTextResponse(str(request.path_params))

        answer.__qualname__ = f"{methods} {path}"
        part = APIRouter()
        part.add_api_route(path, answer, methods=list(methods), response_model=None)
        router.include_router(part)

    for template in ("/", "/a", "/a/{x}", "/b", "/console", "/console/a", "/console/a/{x}", "/api/v1/a"):
        served(template, "GET")
    served("/{every}/x", "GET", "POST")
    served("/a", "POST")
    served("/api/v1/a/{x}", "PUT")
    router.routes.append(Mount("/static", app=PlainTextResponse("a file")))
    assert await told(ByBeginning(router), method, path) == await told(router.app, method, path)
