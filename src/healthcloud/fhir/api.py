"""
The FHIR R4 face over HTTP, under /fhir: each route reads what was sent, has it carried out, and writes the answer.

Callers prove themselves as everywhere: a client by signed request, a member of staff by session. Errors leave as
OperationOutcomes (face.py).
"""

from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request, Response

from healthcloud.core.errors import Problem
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, needs, needs_nothing, problems, visit_of
from healthcloud.core.http.headers import headers_of
from healthcloud.core.settings import Settings
from healthcloud.fhir import errors as wrong
from healthcloud.fhir.capability import capability_statement
from healthcloud.fhir.interactions import batch, interact
from healthcloud.fhir.model import MEDIA_TYPE, OPEN, PREFIX, REGISTER, SUBMIT, Ask, Reply, etag, read_parameters
from healthcloud.fhir.resources import parse, write

router = APIRouter(prefix=PREFIX, tags=["fhir"])
VERSION = "1.0.0"
ANY_SCOPE = needs(SUBMIT, REGISTER, OPEN)
_SCHEMA = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}}}
_CONTENT: dict[str, Any] = {MEDIA_TYPE: {"schema": _SCHEMA}}
_ASKED_BY = ("identifier", "_id", "phone", "name", "birthdate", "_count")
_FORM: dict[str, Any] = {
    "application/x-www-form-urlencoded": {
        "schema": {"type": "object", "properties": {name: {"type": "string"} for name in _ASKED_BY}}
    }
}
_SEARCH = (wrong.SearchNotPossible, wrong.IdentityInAddress)
_MATCHED: dict[int | str, dict[str, Any]] = {201: {"description": "A record was made.", "content": _CONTENT}}
_SAME: dict[int | str, dict[str, Any]] = {304: {"description": "The version named by If-None-Match still stands."}}


def _takes(kind: str, content: dict[str, Any] = _CONTENT) -> dict[str, Any]:
    """Describe a request's body, which fhir.resources reads."""
    return {"requestBody": {"required": True, "description": kind, "content": content}}


def _answers(
    *kinds: type[Problem],
) -> dict[int | str, dict[str, Any]]:
    """Describe what a route answers."""
    return {200: {"description": "A FHIR resource.", "content": _CONTENT}, **problems(*kinds)}


@router.get(
    "/metadata",
    response_class=Response,
    responses=_answers(),
    dependencies=[needs_nothing("clients ask what a server can do before they sign in")],
)
async def metadata(request: Request, settings: SettingsIn) -> Response:
    """Tell what this server can do 能力声明: a CapabilityStatement."""
    return respond(Reply(200, capability_statement(base_of(request, settings), VERSION)))


@router.post("/", response_class=Response, dependencies=[ANY_SCOPE], include_in_schema=False)
@router.post(
    "",
    response_class=Response,
    responses=_answers(wrong.BundleNotTaken),
    dependencies=[ANY_SCOPE],
    openapi_extra=_takes("A Bundle of type batch."),
)
async def post_batch(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Carry a batch of interactions out 批处理; each entry has its own answer."""
    return respond(await batch(database, caller, _ask(request, settings, "")))


@router.get(
    "/Patient",
    response_class=Response,
    responses=_answers(*_SEARCH),
    dependencies=[ANY_SCOPE],
)
async def search_by_get(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Search by _id or by your own patient number 查询; identity numbers go by POST to _search."""
    return respond(await interact(database, caller, _ask(request, settings, "Patient")))


@router.post(
    "/Patient/_search",
    response_class=Response,
    responses=_answers(*_SEARCH),
    dependencies=[ANY_SCOPE],
    openapi_extra=_takes("identifier, _id, phone, or name with birthdate.", _FORM),
)
async def search_by_post(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Search by what must not stand in an address 查询: identifier, phone, or name with birthdate."""
    return respond(await interact(database, caller, _searched(request, settings)))


@router.get(
    "/Patient/$ihe-pix",
    response_class=Response,
    responses=_answers(wrong.SourceUnknown, wrong.IdentityInAddress, wrong.TargetUnknown, wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def cross_reference_by_get(
    request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Return the other identifiers of a patient number or person 标识对照 (IHE PIXm ITI-83)."""
    return respond(await interact(database, caller, _ask(request, settings, "Patient/$ihe-pix")))


@router.post(
    "/Patient/$ihe-pix",
    response_class=Response,
    responses=_answers(wrong.SourceUnknown, wrong.IdentityInAddress, wrong.TargetUnknown, wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
    openapi_extra=_takes("Parameters: sourceIdentifier, targetSystem."),
)
async def cross_reference(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Return the other identifiers of any identifier 标识对照, asked for in Parameters."""
    return respond(await interact(database, caller, _ask(request, settings, "Patient/$ihe-pix")))


@router.post(
    "/Patient/$match",
    response_class=Response,
    responses=_answers(),
    dependencies=[needs(REGISTER, OPEN)],
    openapi_extra=_takes("Parameters: resource (a Patient), onlyCertainMatches, count."),
)
async def match_patient(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Tell who a patient may be, best first, with score and grade 患者匹配 (IHE PDQm ITI-119)."""
    return respond(await interact(database, caller, _ask(request, settings, "Patient/$match")))


@router.post(
    "/Patient",
    response_class=Response,
    responses={
        **_answers(
            wrong.NumberNeeded, wrong.MaskedContent, wrong.InstitutionNeeded, wrong.NumberTaken, wrong.RecordRefused,
            wrong.SeveralMatch, *_SEARCH,
        ),
        **_MATCHED,
    },
    dependencies=[needs(SUBMIT)],
    openapi_extra=_takes("A Patient with your institution's patient number."),
)  # fmt: skip
async def create_patient(request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Hand a record in 建档; the same number again is the same record, and If-None-Exist is honoured."""
    return respond(await interact(database, caller, _ask(request, settings, "Patient")))


@router.get(
    "/Patient/{patient_id:uuid}",
    response_class=Response,
    responses={**_answers(wrong.PatientNotFound), **_SAME},
    dependencies=[ANY_SCOPE],
)
async def read_patient(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Read a record of your institution or a person of the city 读取, masked unless you may open it."""
    return respond(await interact(database, caller, _ask(request, settings, f"Patient/{patient_id}")))


@router.put(
    "/Patient/{patient_id:uuid}",
    response_class=Response,
    responses=_answers(
        wrong.PatientNotFound,
        wrong.MaskedContent,
        wrong.InstitutionNeeded,
        wrong.RecordRefused,
        wrong.VersionPassed,
    ),
    dependencies=[needs(SUBMIT)],
    openapi_extra=_takes("The whole Patient, as your institution knows it now."),
)
async def update_patient(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Hand in a new version of a record of your institution 更新; the former one is kept."""
    return respond(await interact(database, caller, _ask(request, settings, f"Patient/{patient_id}")))


@router.get(
    "/Patient/{patient_id:uuid}/_history",
    response_class=Response,
    responses=_answers(wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def read_history(
    patient_id: UUID, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Return every version of a record of your institution 历史版本, the newest first."""
    return respond(await interact(database, caller, _ask(request, settings, f"Patient/{patient_id}/_history")))


@router.get(
    "/Patient/{patient_id:uuid}/_history/{version}",
    response_class=Response,
    responses=_answers(wrong.PatientNotFound),
    dependencies=[ANY_SCOPE],
)
async def read_version(
    patient_id: UUID, version: str, request: Request, caller: CallerIn, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Read one version of a record of your institution 读取某一版本."""
    path = f"Patient/{patient_id}/_history/{version}"
    return respond(await interact(database, caller, _ask(request, settings, path)))


def base_of(request: Request, settings: Settings) -> str:
    """Return this face's address as the client knows it: the public one, or that of the host it asked."""
    asked = request.headers.get("host", "")
    public = urlsplit(settings.public_url)
    scheme = public.scheme if asked.lower() == public.netloc.lower() else request.url.scheme
    return f"{scheme}://{asked or public.netloc}{PREFIX}"


def respond(reply: Reply) -> Response:
    """Return an answer with the headers FHIR clients read."""
    headers: dict[str, str] = {}
    if reply.version is not None:
        headers["ETag"] = etag(reply.version)
    if reply.location is not None:
        headers["Location"] = reply.location
    if reply.modified is not None:
        headers["Last-Modified"] = format_datetime(reply.modified, usegmt=True)
    if reply.resource is None:
        return Response(status_code=reply.status, headers=headers)
    return Response(write(reply.resource), reply.status, headers, media_type=MEDIA_TYPE)


def _ask(request: Request, settings: Settings, path: str) -> Ask:
    body = visit_of(request.scope).body
    return Ask(
        method=request.method,
        path=path,
        base=base_of(request, settings),
        parameters=read_parameters(request.url.query),
        headers=headers_of(request.scope),
        resource=parse(body) if request.method in ("POST", "PUT") else None,
    )


def _searched(request: Request, settings: Settings) -> Ask:
    """Read a search sent by POST: its parameters may stand in the form, in the address, or in both."""
    form = visit_of(request.scope).body.decode(errors="replace")
    return Ask(
        method="POST",
        path="Patient/_search",
        base=base_of(request, settings),
        parameters=(*read_parameters(request.url.query), *read_parameters(form)),
        in_address=bool(request.url.query),
        headers=headers_of(request.scope),
    )
