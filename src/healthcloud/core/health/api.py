"""/healthz, /readyz and /metrics, for supervisors, load balancers and Prometheus."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from healthcloud.core.errors import FieldFault
from healthcloud.core.health.checks import Check, run_checks
from healthcloud.core.health.errors import NotReady
from healthcloud.core.http import DatabaseIn, needs_here_or, needs_nothing, problems
from healthcloud.core.metrics import exposition
from healthcloud.core.tallies import write_tallies

router = APIRouter(tags=["operations"])


@dataclass(frozen=True, slots=True)
class Alive:
    """The process answers."""

    status: Literal["alive"] = "alive"


@dataclass(frozen=True, slots=True)
class Ready:
    """The process takes traffic; `warnings` want an administrator's eye."""

    status: Literal["ready"]
    warnings: list[FieldFault]


async def _checks(request: Request) -> tuple[Check, ...]:
    checks: tuple[Check, ...] = request.app.state.checks
    return checks


@router.get("/healthz", dependencies=[needs_nothing("a supervisor asks whether the process lives")])
async def healthz() -> Alive:
    """Tell that this process is alive; asks nothing of the database."""
    return Alive()


@router.get(
    "/readyz",
    dependencies=[needs_nothing("a load balancer asks whether to send traffic here")],
    responses=problems(NotReady),
)
async def readyz(database: DatabaseIn, checks: Annotated[tuple[Check, ...], Depends(_checks)]) -> Ready:
    """Tell whether this process can serve: the database answers and its schema is current."""
    faults, warnings = await run_checks(checks, database)
    if faults:
        raise NotReady(faults=tuple(faults), retry_after=2)
    return Ready("ready", warnings)


@router.get(
    "/metrics",
    dependencies=[needs_here_or("jobs.manage")],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics() -> Response:
    """Return the measurements of all workers in Prometheus's text format; only from this machine, or with a scope."""
    write_tallies()
    return Response(exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})
