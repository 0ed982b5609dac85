"""Who calls, and what a route needs of them. A route that states no need does not start (server.app)."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request, params
from fastapi.dependencies.models import Dependant

from healthcloud.core.caller import Authenticator, Caller, CallerKind, Credentials
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Unauthenticated
from healthcloud.core.http.address import is_loopback
from healthcloud.core.http.headers import headers_of, target_of
from healthcloud.core.http.visit import visit_of
from healthcloud.core.settings import Settings


async def caller_of(request: Request) -> Caller:
    """Return who calls; proven once per request, GUEST without credentials, Unauthenticated with wrong ones."""
    visit = visit_of(request.scope)
    if visit.caller is None:
        authenticator = cast("Authenticator", request.app.state.authenticator)
        visit.caller = await authenticator.authenticate(credentials_of(request))
    return visit.caller


def credentials_of(request: Request) -> Credentials:
    """Gather what may prove who asks. The target is the raw path and query, as a signature covers them."""
    visit = visit_of(request.scope)
    return Credentials(
        method=request.method,
        target=target_of(request.scope),
        headers=headers_of(request.scope),
        cookies=request.cookies,
        body=visit.body,
        address=visit.address,
    )


def address_of(request: Request) -> str:
    """Return the client's network address, for limits; a forwarded one only from a trusted proxy."""
    return visit_of(request.scope).address


async def _database_of(request: Request) -> Database:
    return cast("Database", request.app.state.database)


async def _settings_of(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


CallerIn = Annotated[Caller, Depends(caller_of)]
DatabaseIn = Annotated[Database, Depends(_database_of)]
SettingsIn = Annotated[Settings, Depends(_settings_of)]


@dataclass(frozen=True)
class Need:
    """What a route asks of its caller: one of `scopes`, or to be on this machine, or nothing, for a stated reason."""

    scopes: tuple[str, ...] = ()
    reason: str | None = None
    or_here: bool = False

    async def __call__(self, request: Request) -> None:
        """Let the request pass, or raise Unauthenticated (nobody signed in) or Forbidden (somebody without it)."""
        if not self.scopes or (self.or_here and _is_here(request)):
            return
        caller = await caller_of(request)
        if caller.scopes.isdisjoint(self.scopes):
            if caller.kind is CallerKind.GUEST:
                raise Unauthenticated
            raise Forbidden(scope=" | ".join(self.scopes))


def needs(scope: str, *alternatives: str) -> params.Depends:
    """Declare a route's scope: the caller must hold it, or one of the alternatives."""
    return params.Depends(Need((scope, *alternatives)))


def needs_here_or(scope: str) -> params.Depends:
    """Declare a route open to processes on this machine, and to callers with this scope."""
    return params.Depends(Need((scope,), or_here=True))


def needs_nothing(reason: str) -> params.Depends:
    """Declare a route open to everybody, and why that is right."""
    return params.Depends(Need((), reason))


def needs_of(dependant: Dependant) -> list[Need]:
    """Return what a route declared, from its FastAPI dependant; every one holds; empty when it forgot."""
    return [one.call for one in dependant.dependencies if isinstance(one.call, Need)]


def asks_caller(dependant: Dependant) -> bool:
    """Tell whether a route asks who calls, and so refuses a wrong proof, whatever it needs."""
    return any(one.call is caller_of or asks_caller(one) for one in dependant.dependencies)


def _is_here(request: Request) -> bool:
    """Tell whether a process on this machine asks: a loopback peer, and no proxy that speaks for somebody else."""
    peer = request.client.host if request.client else ""
    forwarded = {"forwarded", "x-forwarded-for", "via"} & set(request.headers.keys())
    return not forwarded and is_loopback(peer)
