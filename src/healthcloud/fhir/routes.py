"""The routes of Encounter, Organization, Location and Practitioner: each kind's interactions, documented alike."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends

from healthcloud import encounters
from healthcloud.core.errors import Problem
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, needs, problems
from healthcloud.fhir import errors as wrong
from healthcloud.fhir.asking import ANY_FORM, CREATED, PATCH, SAME, answers, ask_of, respond, searched, takes
from healthcloud.fhir.directory import KINDS
from healthcloud.fhir.interactions import interact
from healthcloud.fhir.model import DELIVER, OPEN, PREFIX, REGISTER, SUBMIT

Endpoint = Callable[..., Awaitable[Response]]
_ZH = {
    "Encounter": "就诊",
    "Organization": "机构",
    "Location": "科室与终端",
    "Practitioner": "医务人员",
    "Subscription": "订阅",
}
_WRITES: tuple[type[Problem], ...] = (
    wrong.InstitutionNeeded,
    wrong.NumberNeeded,
    wrong.NumberTaken,
    wrong.PatientNotFound,
    wrong.SeveralMatch,
    wrong.ParameterNotPossible,
    encounters.EncounterUnreadable,
)
_router = APIRouter(prefix=PREFIX, tags=["fhir"])


def _add(method: str, path: str, endpoint: Endpoint, *, kind: str, act: str, need: Depends, **more: Any) -> None:
    _router.add_api_route(
        path,
        endpoint,
        methods=[method],
        response_class=Response,
        name=f"{act}_{kind.lower()}",
        summary=f"{act.replace('_', ' ').capitalize()} {kind} {_ZH[kind]}",
        dependencies=[need],
        **more,
    )


def _searching(kind: str) -> tuple[Endpoint, Endpoint]:
    async def search(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
        return respond(await interact(database, caller, ask_of(request, settings, kind)))

    async def by_post(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
        return respond(await interact(database, caller, searched(request, settings, kind)))

    return search, by_post


def _of_one(kind: str, rest: str = "") -> Endpoint:
    async def one(
        resource_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
    ) -> Response:
        return respond(await interact(database, caller, ask_of(request, settings, f"{kind}/{resource_id}{rest}")))

    return one


def _of_version(kind: str) -> Endpoint:
    async def version(
        resource_id: UUID, version: str, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
    ) -> Response:
        path = f"{kind}/{resource_id}/_history/{version}"
        return respond(await interact(database, caller, ask_of(request, settings, path)))

    return version


def _readable(kind: str, need: Depends) -> None:
    search, by_post = _searching(kind)
    asked = answers(wrong.ParameterNotPossible, wrong.IdentityInAddress, wrong.SearchNotPossible)
    _add("GET", f"/{kind}", search, kind=kind, act="search", need=need, responses=asked)
    _add("POST", f"/{kind}/_search", by_post, kind=kind, act="search_by_post", need=need, responses=asked,
         openapi_extra=ANY_FORM)  # fmt: skip
    place, missing = f"/{kind}/{{resource_id:uuid}}", answers(wrong.ResourceNotFound)
    _add("GET", place, _of_one(kind), kind=kind, act="read", need=need, responses={**missing, **SAME})
    _add("GET", f"{place}/_history", _of_one(kind, "/_history"), kind=kind, act="read_history", need=need,
         responses=missing)  # fmt: skip
    _add("GET", f"{place}/_history/{{version}}", _of_version(kind), kind=kind, act="read_version", need=need,
         responses=missing)  # fmt: skip


def _writable(kind: str, need: Depends) -> None:
    create, _ = _searching(kind)
    body = takes(f"The whole {kind}, as your institution knows it.")
    _add("POST", f"/{kind}", create, kind=kind, act="create", need=need, openapi_extra=body,
         responses={**answers(*_WRITES), **CREATED})  # fmt: skip
    place = f"/{kind}/{{resource_id:uuid}}"
    changes: tuple[type[Problem], ...] = (wrong.ResourceNotFound, wrong.VersionPassed, wrong.PatchWrong, *_WRITES)
    _add("PUT", place, _of_one(kind), kind=kind, act="update", need=need, openapi_extra=body,
         responses=answers(*changes))  # fmt: skip
    _add("PATCH", place, _of_one(kind), kind=kind, act="patch", need=need, responses=answers(*changes),
         openapi_extra=takes("A JSON Patch (RFC 6902).", PATCH))  # fmt: skip


def _subscribable(kind: str, need: Depends) -> None:
    search, _ = _searching(kind)
    place, asked = f"/{kind}/{{resource_id:uuid}}", (wrong.InstitutionNeeded, wrong.ResourceNotFound)
    _add("GET", f"/{kind}", search, kind=kind, act="search", need=need,
         responses=answers(wrong.ParameterNotPossible, wrong.InstitutionNeeded))  # fmt: skip
    _add("POST", f"/{kind}", search, kind=kind, act="create", need=need,
         responses={**answers(wrong.InstitutionNeeded), **CREATED},
         openapi_extra=takes("A Subscription: criteria Patient, channel rest-hook without payload."))  # fmt: skip
    _add("GET", place, _of_one(kind), kind=kind, act="read", need=need, responses={**answers(*asked), **SAME})
    gone = {204: {"description": "It has ended."}, **problems(*asked)}
    _add("DELETE", place, _of_one(kind), kind=kind, act="delete", need=need, status_code=204, responses=gone)


for _kind in KINDS:
    _readable(_kind, needs(SUBMIT, REGISTER, OPEN, DELIVER))
_readable("Encounter", needs(DELIVER))
_writable("Encounter", needs(DELIVER))
_subscribable("Subscription", needs(DELIVER))
ROUTES = _router.routes
