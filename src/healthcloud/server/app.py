"""The application: every router, one edge around them, and the hot endpoints before anything else."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from healthcloud import fhir, web
from healthcloud.core.caller import Authenticator
from healthcloud.core.db import Database
from healthcloud.core.health import CHECKS, Check
from healthcloud.core.http import Edge, HotEndpoint, HotLook, HotPath, Witness, install_problem_handlers, needs_of
from healthcloud.core.settings import Settings
from healthcloud.server import pages, routers
from healthcloud.server.addresses import ByBeginning
from healthcloud.server.catalogue import every_problem
from healthcloud.server.consequences import CONSEQUENCES
from healthcloud.server.openapi import complete
from healthcloud.server.shedding import Gate, Lag, Limits, Signals

API_VERSION = "1.0.0"  # of the interface under /api/v1, not of the program
API_PREFIX = "/api/v1"
_ABOUT = """
One account, one code, one network for a city's health service. 一户、一码、一网的城市健康服务。

Every error is an RFC 9457 problem in both languages; what each means stands at `/problems/{code}`. Requests that create
something carry an `Idempotency-Key`.
"""


# Routers' routes as applications hold them; they hold their router, so that its id stays its own.
_READY: dict[tuple[int, str], list[BaseRoute]] = {}


class RouteUndeclared(RuntimeError):
    """A route says neither which scope it needs nor why it needs none."""


class Api(FastAPI):
    """FastAPI with a complete OpenAPI and without telemetry, which would carry what people sent."""

    def __init__(self, routes: Iterable[BaseRoute], hot: Iterable[HotPath]) -> None:
        super().__init__(
            routes=list(routes),
            title="健康云 Health Cloud",
            description=_ABOUT,
            version=API_VERSION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            generate_unique_id_function=_operation_id,
            telemetry={
                "tracing": False,
                "metrics": False,
                "logs": False,
                "operation_spans": False,
                "auto_configure": False,
            },
        )
        # Faces speak others' languages, which the guide describes.
        self._hot = tuple(one for one in hot if isinstance(one, HotEndpoint))

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi(), self.routes, self._hot)
        return self.openapi_schema


class Application:
    """The ASGI application: an exact path of a hot endpoint goes straight there, everything else to the API."""

    def __init__(self, api: Api, hot: Iterable[HotPath], gate: Gate) -> None:
        self.api = api
        self.hot: dict[str, HotPath] = {endpoint.path: endpoint for endpoint in hot}
        self.looks: dict[str, HotLook] = {}
        self.gate = gate  # whoever serves this asks it first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        endpoint = self.hot.get(scope["path"]) if scope["type"] == "http" else None
        await (endpoint or self.api)(scope, receive, send)


def create_app(  # noqa: PLR0913 - each a part of the city, named at every call
    settings: Settings,
    database: Database,
    authenticator: Authenticator,
    *,
    api: Iterable[APIRouter] = routers.API,
    root: Iterable[APIRouter] = routers.ROOT,
    hot: Iterable[HotPath] = (),
    checks: Iterable[Check] = CHECKS,
    scans_waiting: Callable[[], float] = lambda: 0.0,
    witness: Witness | None = None,
) -> Application:
    """
    Put the city together; raise RouteUndeclared for a route that forgot its scope.

    `scans_waiting` tells how many of the places where scans wait are taken, from 0 to 1; `witness` keeps evidence of
    what clients sign.
    """
    endpoints = tuple(hot)
    placed = [*((one, API_PREFIX) for one in api), *((one, "") for one in (*root, pages.router))]
    application = Api([route for router, prefix in placed for route in _routes(router, prefix)], endpoints)
    application.mount("/static", web.Assets(), name="static")
    application.router.middleware_stack = ByBeginning(application.router)
    install_problem_handlers(application)
    application.add_middleware(Edge, settings=settings, witness=witness)
    application.state.problem_page = web.problem_page
    application.state.problem_faces = {fhir.PREFIX: fhir.tell_problem}
    application.state.problem_kinds = every_problem
    application.state.settings = settings
    application.state.database = database
    application.state.authenticator = authenticator
    application.state.checks = tuple(checks)
    application.state.consequences = CONSEQUENCES
    signals = Signals(Limits(settings.in_flight), Lag(), lambda: database.reach.longest_wait, scans_waiting)
    return Application(application, endpoints, Gate(signals, settings))


def _routes(router: APIRouter, prefix: str) -> list[BaseRoute]:
    """Return a router's routes, made ready once in a process; raise RouteUndeclared."""
    place = id(router), prefix
    if place not in _READY:
        holder = APIRouter(generate_unique_id_function=_operation_id)
        holder.include_router(router, prefix=prefix)
        _refuse_undeclared(holder.routes)
        _READY[place] = holder.routes
    return _READY[place]


def _refuse_undeclared(routes: Sequence[BaseRoute]) -> None:
    """Raise RouteUndeclared with every route that states no need."""
    forgotten = [
        f"{'|'.join(sorted(route.methods or ()))} {route.path}"
        for route in iter_route_contexts(routes)
        if isinstance(route.original_route, APIRoute) and not needs_of(route.dependant)
    ]
    if forgotten:
        raise RouteUndeclared(", ".join(forgotten))


def _operation_id(route: APIRoute) -> str:
    """Name an operation by its tag and function, as client generators like it: `cards.freeze`."""
    return f"{route.tags[0] if route.tags else 'root'}.{route.name}"
